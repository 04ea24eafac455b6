using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using Exchange.Gateway.Authentication;
using Exchange.Gateway.Connections;
using Exchange.Gateway.Tests.Scenarios;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.Text;

namespace Exchange.Gateway.Tests.Connections;

/// <summary>One connection, a clock that moves when told, and a member that takes commands when told: a stage for stories without I/O.</summary>
internal sealed class ConnectionStory
{
    private const long Start = 1_795_000_000_000_000_000; // November 2026

    private readonly List<byte> _unread = [];
    private long _elapsedNs;
    private long _nextOut;

    public ConnectionStory(Func<GatewayOptions, GatewayOptions>? configure = null)
    {
        GatewayOptions options = new() { AeronDirectory = "-", OutboundLimitBytes = 64 * 1024, OutboundCatchUpLimitBytes = 256 * 1024 };
        Context = new ConnectionContext(configure?.Invoke(options) ?? options, Counters) { Incarnation = 1234, LeadershipTerm = 5 };
        Define(3, "HFT1", ParticipantFlags.None);
        Define(4, "FREE1", ParticipantFlags.NoPassword);
        Define(5, "ANY1", ParticipantFlags.NoPassword, string.Empty);
        Connection = new FixConnection(0, Context);
        Connection.Open(17, new IPEndPoint(IPAddress.Loopback, 5555), Now);
    }

    public GatewayCounters Counters { get; } = new();

    public ConnectionContext Context { get; }

    public FixConnection Connection { get; }

    public SinkLog Log { get; } = new();

    public GatewayTime Now => new(_elapsedNs, Start + _elapsedNs);

    /// <summary>The present time as FIX writes it.</summary>
    public string Time => DateTime.UnixEpoch.AddTicks((Start + _elapsedNs) / 100).ToString("yyyyMMdd-HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>What was said to the client so far.</summary>
    public string Said => Encoding.ASCII.GetString(Connection.Outbound.Pending).Replace('\u0001', '|');

    /// <summary>Types of the commands so far.</summary>
    public CommandType[] Types => [.. Log.Commands.Select(c => MemoryMarshal.Read<CommandHeader>(c).Type)];

    public void Arrives(ReadOnlySpan<byte> bytes)
    {
        _unread.AddRange(bytes);
        Retry();
    }

    /// <summary>Brings what was not consumed again, as a transport does.</summary>
    public void Retry()
    {
        byte[] bytes = [.. _unread];
        Sink sink = new(Log);
        int consumed = Connection.Receive(bytes, Now, ref sink);
        _unread.RemoveRange(0, consumed);
    }

    /// <summary>Hands the very array in, so that the test can look at what is left in it.</summary>
    public int ReceivesInPlace(byte[] bytes)
    {
        Sink sink = new(Log);
        return Connection.Receive(bytes, Now, ref sink);
    }

    public int Unread => _unread.Count;

    public void Passes(double seconds)
    {
        _elapsedNs += (long)(seconds * 1e9);
        Sink sink = new(Log);
        Connection.OnTime(Now, ref sink);
        Connection.OfferOwed(Now, ref sink);
    }

    /// <summary>Lets time pass in small steps, as ticks do.</summary>
    public void PassesSlowly(double seconds)
    {
        for (double passed = 0; passed < seconds - 1e-9; passed += 0.1)
        {
            Passes(0.1);
        }
    }

    /// <summary>The worker checks the password as the real one would.</summary>
    public void PasswordIsChecked()
    {
        Connection.PasswordCheckStarted();
        AuthenticationRequest request = Connection.Authentication;
        bool matches = PasswordHasher.Verify(request.Password, in request.Hash, in request.Salt, request.Iterations) && !request.MustFail;
        if (matches && request.HasNewPassword)
        {
            PasswordHasher.Hash(request.NewPassword, request.Iterations, ref request.NewHash, ref request.NewSalt);
        }

        request.Wipe();
        Sink sink = new(Log);
        Connection.PasswordChecked(matches, Now, ref sink);
    }

    public void LogsOn(int heartBtInt = 30)
    {
        Arrives(FixText.Logon("HFT1", heartBtInt: heartBtInt, time: Time));
        PasswordIsChecked();
        LogonIsAnswered(heartBtInt);
    }

    /// <summary>The client is gone, and the slot has the next connection.</summary>
    public void Reconnects()
    {
        Connection.Close(CloseReason.PeerClosed, Now);
        Connection.IsSocketReleased = true;
        OffersOwed();
        Connection.Free();
        _unread.Clear();
        Connection.Open(17, new IPEndPoint(IPAddress.Loopback, 5555), Now);
    }

    public void LogonIsAnswered(int heartBtInt)
    {
        LogonEvent logon = default;
        logon.HeartBtIntSec = heartBtInt;
        Happens(ref logon, EventType.Logon);
    }

    public bool Happens<T>(ref T record, EventType type)
        where T : unmanaged
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<T>(ref record));
        ref EventHeader header = ref MemoryMarshal.AsRef<EventHeader>(bytes);
        header.Type = type;
        header.Length = bytes.Length;
        header.SendingTimeNs = Now.UnixNs;
        header.MsgSeqNum = ++_nextOut;
        header.ConnectionId = 17;
        return Connection.OnEvent(bytes, Now);
    }

    public void CoreCloses(ReasonCode reason)
    {
        CloseConnectionEvent close = default;
        close.Reason = reason;
        Happens(ref close, EventType.CloseConnection);
    }

    public void OffersOwed()
    {
        Sink sink = new(Log);
        Connection.OfferOwed(Now, ref sink);
    }

    /// <summary>Changes what HFT1 is, before its Logon or after.</summary>
    public void Redefine(Change change)
    {
        Define(3, "HFT1", ParticipantFlags.None, change: change);
        if (Connection.Participant?.SessionId == 3)
        {
            Connection.Redefine(Context.Directory.Find(3)!);
        }
    }

    private void Define(int sessionId, string name, ParticipantFlags flags, string beginString = "FIX.4.4", Change? change = null)
    {
        DefineParticipantCommand definition = default;
        definition.SenderCompId = Text40.From(name);
        definition.TargetCompId = Text40.From("EXCH");
        definition.Username = Text40.From(name);
        definition.BeginString = beginString.Length == 0 ? default : Text16.From(beginString);
        definition.Flags = flags;
        definition.TimestampDecimals = 3;
        PasswordHasher.SetPassword(ref definition, Encoding.ASCII.GetBytes(name), 10);
        change?.Invoke(ref definition);
        Assert.True(Context.Directory.Define(sessionId, in definition));
    }

    internal delegate void Change(ref DefineParticipantCommand definition);

    internal sealed class SinkLog
    {
        public List<byte[]> Commands { get; } = [];

        public bool IsFull { get; set; }

        public T Last<T>()
            where T : unmanaged => MemoryMarshal.Read<T>(Commands[^1]);
    }

    private readonly struct Sink(SinkLog log) : ICommandSink
    {
        public bool TryOffer(ReadOnlySpan<byte> command)
        {
            if (!log.IsFull)
            {
                log.Commands.Add(command.ToArray());
            }

            return !log.IsFull;
        }
    }
}
