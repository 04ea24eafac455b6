using System.Text;
using Exchange.Host.Client;

namespace Exchange.Host.Tests.Client;

/// <summary>
/// One client session and a hand that plays the exchange: sends it messages with chosen numbers and looks at what it writes.
/// </summary>
internal sealed class ExchangeSide
{
    private readonly FixMessageBuilder _builder = new();

    public ExchangeSide(IFixClientStore? store = null, bool sendNextExpected = false, bool resendOrders = true, int queuedMax = 1000)
    {
        Store = store ?? new MemoryFixClientStore();
        Session = new FixClientSession(
            new FixClientOptions
            {
                SenderCompId = "HFT1",
                TargetCompId = "EXCH",
                Username = "HFT1",
                Password = "HFT1",
                HeartBtIntSec = 10,
                SendNextExpected = sendNextExpected,
                ResendOrders = resendOrders,
                QueuedMax = queuedMax,
            },
            Store,
            Handler);
    }

    public RecordingHandler Handler { get; } = new();

    public IFixClientStore Store { get; }

    public FixClientSession Session { get; }

    public long NowNs { get; private set; } = 1_790_000_000 * FixTime.NsPerSec;

    /// <summary>Connects, and answers the Logon with the given number.</summary>
    public void LogOn(long seqNum = 1, bool reset = false, string extra = "")
    {
        Session.OnConnected(NowNs, reset);
        Send("A", seqNum, "98=0|108=10|" + (reset ? "141=Y|" : string.Empty) + extra);
    }

    /// <summary>Sends the client a message; fields with '|' for SOH.</summary>
    public void Send(string type, long seqNum, string fields = "", bool possDup = false, string sender = "EXCH")
    {
        _builder.Open().Add(35, type).Add(34, seqNum).Add(49, sender).Add(56, "HFT1");
        if (possDup)
        {
            _builder.Add(43, 'Y').AddTime(122, NowNs - FixTime.NsPerSec, 3);
        }

        _builder.AddTime(52, NowNs, 3).AddFields(Encoding.ASCII.GetBytes(fields.Replace('|', '\u0001')));
        SendBytes(_builder.Close("FIX.4.4"));
    }

    public void SendBytes(ReadOnlySpan<byte> bytes)
    {
        int consumed = Session.OnReceived(bytes, NowNs);
        Assert.Equal(bytes.Length, consumed);
    }

    public void Report(long seqNum, string clOrdId, bool possDup = false) => Send("8", seqNum, $"11={clOrdId}|150=0|39=0|", possDup);

    public void Pass(double seconds)
    {
        NowNs += (long)(seconds * FixTime.NsPerSec);
        Session.OnTick(NowNs);
    }

    public long SendOrder(string clOrdId) => Session.Send("D"u8, Encoding.ASCII.GetBytes($"11={clOrdId}\u000155=AAPL\u0001"), NowNs);

    /// <summary>The messages that the client wrote since the last call, as "type:number" and the tags asked for.</summary>
    public List<string> Written(params int[] tags)
    {
        List<string> written = [];
        ReadOnlySpan<byte> rest = Session.Outbound;
        while (!rest.IsEmpty)
        {
            Assert.Equal(FrameResult.Frame, FixFrames.Find(rest, out int length));
            FixMessageView message = new(rest[..length]);
            StringBuilder line = new($"{message.Text(35)}:{message.Text(34)}");
            foreach (int tag in tags)
            {
                if (message.TryGet(tag, out _))
                {
                    line.Append($" {tag}={message.Text(tag)}");
                }
            }

            written.Add(line.ToString());
            rest = rest[length..];
        }

        Session.OnWritten(Session.Outbound.Length);
        return written;
    }

    /// <summary>The ClOrdIDs handed to the user, in order.</summary>
    public IEnumerable<string> DeliveredClOrdIds() =>
        Handler.Messages.Select(m => m.Split('|').Single(f => f.StartsWith("11=", StringComparison.Ordinal))[3..]);
}
