using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Exchange.Host.Conformance;

namespace Exchange.Host.Tests.Conformance;

/// <summary>
/// An acceptor that knows just enough to be played against: it answers Logon, TestRequest, ResendRequest and Logout, and for anything else
/// says what the test tells it to, right or wrong.
/// </summary>
internal sealed class MiniAcceptor : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<WireMessage, IEnumerable<string>> _answers;
    private readonly Thread _thread;
    private int _next;

    /// <summary>Starts listening.</summary>
    /// <param name="answers">The bodies, from 35 on and with | for SOH, that answer a message; <c>!</c> leaves out a number, <c>close</c> closes.</param>
    public MiniAcceptor(Func<WireMessage, IEnumerable<string>> answers)
    {
        _answers = answers;
        _listener.Start();
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Closes each connection at its first message.</summary>
    public bool IsClosed { get; init; }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    public void Dispose()
    {
        _listener.Dispose();
        _thread.Join();
    }

    private void Run()
    {
        try
        {
            while (true)
            {
                using TcpClient client = _listener.AcceptTcpClient();
                Serve(client.GetStream());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private void Serve(NetworkStream stream)
    {
        byte[] buffer = new byte[4096];
        string received = "";
        try
        {
            while (stream.Read(buffer) is > 0 and int count)
            {
                received += Encoding.Latin1.GetString(buffer, 0, count);
                for (WireMessage.Read(received, out WireMessage? message, out _); message is not null; WireMessage.Read(received, out message, out _))
                {
                    received = received[message.Text.Length..];
                    if (!Answer(stream, message))
                    {
                        return;
                    }
                }
            }
        }
        catch (IOException)
        {
            // The player has left.
        }
    }

    private bool Answer(NetworkStream stream, WireMessage message)
    {
        if (IsClosed)
        {
            return false;
        }

        _next = message.MsgType == "A" ? 1 : _next;
        IEnumerable<string> bodies = message.MsgType switch
        {
            "A" => [$"35=A|98=0|108={message[108]}|141=Y|"],
            "1" => [$"35=0|112={message[112]}|"],
            "2" => [$"35=4|43=Y|122=20260101-00:00:00|123=Y|36={_next}|"],
            "5" => ["35=5|", "close"],
            _ => _answers(message),
        };
        foreach (string body in bodies)
        {
            if (body == "close")
            {
                return false;
            }

            if (body == "!")
            {
                _next++;
                continue;
            }

            bool isDuplicate = body.Contains("43=Y", StringComparison.Ordinal);
            string header = string.Create(CultureInfo.InvariantCulture, $"34={(isDuplicate ? 1 : _next++)}|49={message[56]}|56={message[49]}|52={new ScenarioValues().Now()}|");
            int behindType = body.IndexOf('|', StringComparison.Ordinal) + 1;
            string text = (body[..behindType] + header + body[behindType..]).Replace('|', WireMessage.Soh);
            stream.Write(Encoding.Latin1.GetBytes(WireMessage.Frame(message[8]!, text)));
        }

        return true;
    }
}
