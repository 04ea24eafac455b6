using System.Globalization;
using System.Net;
using Exchange.Gateway.Connections;

namespace Exchange.Gateway;

/// <summary>
/// Says why connections end, one line each, at most so many a second: a flood of hostile connections must not become a flood of lines, or
/// of work for making them.
/// </summary>
internal sealed class CloseLog(IGatewayLog log, int linesPerSecondMax)
{
    private long _secondEndsNs = long.MinValue;
    private int _lines;
    private long _suppressed;

    /// <summary>A line about the gateway itself; never suppressed.</summary>
    public void Say(string line) => log.Information(line);

    /// <summary>A line about the gateway itself for an operator; never suppressed.</summary>
    public void Warn(string line) => log.Warning(line);

    /// <summary>A connection that was not served.</summary>
    public void Refused(IPEndPoint? remote, string reason, in GatewayTime now)
    {
        if (MayWrite(in now))
        {
            log.Information($"connection from {remote}: refused: {reason}");
        }
    }

    /// <summary>A connection that ended.</summary>
    public void Closed(FixConnection connection, in GatewayTime now)
    {
        if (!MayWrite(in now))
        {
            return;
        }

        string who = connection.Participant is Participant participant
            ? string.Create(CultureInfo.InvariantCulture, $"session {participant.Name} ({participant.SessionId})")
            : "no session";
        string line = string.Create(
            CultureInfo.InvariantCulture, $"connection {connection.ConnectionId} from {connection.RemoteEndPoint}, {who}: closed: {Describe(connection)}");
        if (connection.CloseReason is CloseReason.SlowConsumer or CloseReason.PeerSilent or CloseReason.Garbled or CloseReason.Flood or CloseReason.LogonRefused)
        {
            log.Warning(line);
        }
        else
        {
            log.Information(line);
        }
    }

    private static string Describe(FixConnection connection) => connection.CloseReason switch
    {
        CloseReason.PeerClosed => "the client closed it",
        CloseReason.SocketError => "the connection broke",
        CloseReason.LogonTimeout => "no Logon in time",
        CloseReason.CrowdedOut => "too many connections without a Logon, and it had been silent longest",
        CloseReason.LogonStalled => "the Logon could not be checked or forwarded in time",
        CloseReason.FirstMessageNotLogon => "the first bytes were not a well-formed Logon",
        CloseReason.InvalidLogon => "the Logon has a missing or wrong field",
        CloseReason.LogonRefused => "CompIDs, BeginString, Username or password are wrong",
        CloseReason.LogonUnanswered => "the exchange did not answer the Logon in time",
        CloseReason.Core => $"the exchange ended the session: {connection.CoreReason}",
        CloseReason.PeerSilent => "nothing was received for twice the heartbeat interval",
        CloseReason.ProbeUnanswered => "another connection asked for the session and this one did not answer a TestRequest",
        CloseReason.SlowConsumer => "the client reads too slowly",
        CloseReason.FlushTimeout => "the client did not read its last messages in time",
        CloseReason.Garbled => "too many garbled bytes",
        CloseReason.Flood => "too many session-level or invalid messages",
        CloseReason.MemberLost => "the gateway lost the member",
        CloseReason.GatewayStopping => "the gateway stops",
        _ => "no reason",
    };

    private bool MayWrite(in GatewayTime now)
    {
        if (now.MonotonicNs >= _secondEndsNs)
        {
            _secondEndsNs = now.MonotonicNs + 1_000_000_000;
            _lines = 0;
            if (_suppressed > 0)
            {
                log.Warning(string.Create(CultureInfo.InvariantCulture, $"{_suppressed} lines about closed connections were not written"));
                _suppressed = 0;
            }
        }

        if (_lines < linesPerSecondMax)
        {
            _lines++;
            return true;
        }

        _suppressed++;
        return false;
    }
}
