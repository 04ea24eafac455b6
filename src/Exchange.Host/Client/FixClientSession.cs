// The client's half of a FIX session, without any I/O: bytes and time in, bytes and upcalls out.
//
// The terminal, the interop stories and the exactly-once checks of the acceptance tests all stand on this class, so it takes the
// side of the specification rather than of comfort:
//  - Each inbound number is processed once and in order. A higher one opens a gap: it is kept (bounded), the missing range is asked
//    for once, and again only without progress. A lower one is ignored when it is a PossDup, otherwise it ends the session.
//  - Each outbound number is in the store before its bytes are in the outbound buffer, and is never used for a second message.
//  - The exchange's ResendRequest is answered before our own goes out, even inside a gap; orders as PossDup with their original
//    SendingTime (or gap-filled by choice), admin messages as gap fills, with an exact NewSeqNo.
// What must hold: NextIn and NextOut continue over connections and, with a file store, over restarts of the process. Only a reset
// that the user asks for (141=Y) lowers them.
// This file holds what the user calls and the clock; what arrives is processed in FixClientSession.Inbound.cs.
using Exchange.Fix.Dictionary;
using Exchange.Protocol;

namespace Exchange.Host.Client;

/// <summary>One FIX session of a client. Not thread safe: its driver calls it from one thread.</summary>
internal sealed partial class FixClientSession
{
    private readonly IFixClientStore _store;
    private readonly IFixClientHandler _handler;
    private readonly FixOutbound _outbound;
    private readonly FixGap _gap;
    private readonly FixAdminWriter _admin;
    private readonly FixKeepAlive _keepAlive = new();
    private bool _resetRequested;
    private bool _resetInSession;
    private bool _nextExpectedSent;
    private long _deadlineNs;
    private long _probeCount;
    private long _awaitingSinceNs;
    private string _userTest = string.Empty;

    /// <summary>Creates the session; its numbers are those of the store.</summary>
    public FixClientSession(FixClientOptions options, IFixClientStore store, IFixClientHandler handler)
    {
        Options = options;
        _store = store;
        _handler = handler;
        _outbound = new FixOutbound(options, store, handler, Counters);
        _admin = new FixAdminWriter(_outbound, options);
        _gap = new FixGap(options.QueuedMax, options.AnswerTimeoutNs);
    }

    /// <summary>Who we are.</summary>
    public FixClientOptions Options { get; }

    /// <summary>What happened so far.</summary>
    public FixClientCounters Counters { get; } = new();

    /// <summary>Where the session stands.</summary>
    public FixClientStatus Status { get; private set; }

    /// <summary>Why the last connection ended; empty while it lives.</summary>
    public string EndReason { get; private set; } = string.Empty;

    /// <summary>Whether the last connection ended because the exchange said nothing on it.</summary>
    public bool IsEndedBySilence { get; private set; }

    /// <summary>MsgSeqNum expected next from the exchange.</summary>
    public long NextIn => _store.NextIn;

    /// <summary>MsgSeqNum of our next message.</summary>
    public long NextOut => _store.NextOut;

    /// <summary>Messages are missing and asked for.</summary>
    public bool InGap => _gap.IsOpen;

    /// <summary>Bytes to be written to the connection.</summary>
    public ReadOnlySpan<byte> Outbound => _outbound.Bytes;

    /// <summary>The driver wrote the first bytes of <see cref="Outbound"/>.</summary>
    public void OnWritten(int bytes) => _outbound.OnWritten(bytes);

    /// <summary>A connection stands: sends the Logon.</summary>
    /// <param name="nowNs">Nanoseconds since 1970.</param>
    /// <param name="reset">Logs on with ResetSeqNumFlag (141=Y), so that both numbers start at 1.</param>
    public void OnConnected(long nowNs, bool reset = false)
    {
        Invariant.Require(Status == FixClientStatus.Disconnected);
        EndReason = string.Empty;
        IsEndedBySilence = false;
        _awaitingSinceNs = 0;
        _keepAlive.OnReceived(nowNs);
        _keepAlive.SetInterval(Options.HeartBtIntSec);
        SendLogon(nowNs, reset || _store.ResetPending);
    }

    /// <summary>The connection is gone. Numbers stay; what was not received will be asked for at the next Logon.</summary>
    public void OnDisconnected(string why, bool isSilent = false)
    {
        bool expected = Status is FixClientStatus.Closing or FixClientStatus.Disconnected;
        Status = FixClientStatus.Disconnected;
        _outbound.Clear();
        _gap.Clear();
        if (!expected)
        {
            EndReason = why;
            IsEndedBySilence = isSilent;
            _handler.OnEvent(FixClientEvent.ConnectionLost, why);
        }
    }

    /// <summary>Processes received bytes.</summary>
    /// <returns>How many were consumed; the rest is the beginning of a message and has to be offered again with more.</returns>
    public int OnReceived(ReadOnlySpan<byte> bytes, long nowNs)
    {
        int consumed = 0;
        while (Status is not (FixClientStatus.Closing or FixClientStatus.Disconnected))
        {
            FrameResult result = FixFrames.Find(bytes[consumed..], out int length);
            if (result == FrameResult.NeedMore)
            {
                break;
            }

            ReadOnlySpan<byte> frame = bytes.Slice(consumed, length);
            consumed += length;
            if (result == FrameResult.Garbled)
            {
                Counters.Garbled++;
                _handler.OnEvent(FixClientEvent.Garbled, $"skipped {length} bytes that are no FIX message");
                continue;
            }

            _handler.OnWire(outbound: false, frame);
            _keepAlive.OnReceived(nowNs);
            _awaitingSinceNs = 0;
            OnMessage(new FixMessageView(frame), nowNs);
        }

        _outbound.PumpResend(nowNs);
        return Status is FixClientStatus.Closing or FixClientStatus.Disconnected ? bytes.Length : consumed;
    }

    /// <summary>Time passes: heartbeats, tests of a silent peer, deadlines. To be called at least every 100 ms.</summary>
    public void OnTick(long nowNs)
    {
        _outbound.PumpResend(nowNs);
        switch (Status)
        {
            case FixClientStatus.LogonSent when nowNs >= _deadlineNs:
                Fail("no answer to our Logon", isSilent: true);
                break;
            case FixClientStatus.LogoutSent when nowNs >= _deadlineNs:
                End(FixClientEvent.LoggedOut, "no answer to our Logout; closed");
                break;
            case FixClientStatus.Established:
                KeepAlive(nowNs);
                if (_gap.IsStalled(nowNs))
                {
                    AskForGap(nowNs);
                }

                break;
        }
    }

    /// <summary>
    /// Sends an application message; the session adds the header.
    /// </summary>
    /// <param name="msgType">MsgType (35).</param>
    /// <param name="fields">The fields of the body, each <c>tag=value|</c> with SOH.</param>
    /// <param name="nowNs">Nanoseconds since 1970.</param>
    /// <returns>Its MsgSeqNum; 0 when the session is not established or too many bytes wait for the socket.</returns>
    public long Send(ReadOnlySpan<byte> msgType, ReadOnlySpan<byte> fields, long nowNs)
    {
        if (Status != FixClientStatus.Established || _outbound.Bytes.Length > Options.OutboundMaxBytes)
        {
            return 0;
        }

        Counters.Sent++;
        Await(nowNs);

        // An admin message may be typed by hand; like every admin message it is gap-filled, never repeated.
        bool isAdmin = msgType is [>= (byte)'0' and <= (byte)'5' and not (byte)'3'] or [(byte)'A'];
        return _outbound.Send(msgType, fields, keep: !isAdmin, nowNs);
    }

    /// <summary>Whether nothing has arrived for <see cref="FixClientOptions.SilenceNs"/> although something has to be answered.</summary>
    public bool IsSilent(long nowNs) =>
        Options.SilenceNs > 0 && Status == FixClientStatus.Established && _awaitingSinceNs > 0 && nowNs - _awaitingSinceNs >= Options.SilenceNs;

    /// <summary>
    /// Writes a frame exactly as given: no number is taken and nothing is kept. For trying what the exchange does with it.
    /// </summary>
    public bool SendVerbatim(ReadOnlySpan<byte> frame, long nowNs)
    {
        if (Status == FixClientStatus.Disconnected)
        {
            return false;
        }

        _outbound.Write(frame, nowNs);
        return true;
    }

    /// <summary>Sends a TestRequest; its answer comes as <see cref="FixClientEvent.TestAnswered"/>.</summary>
    public bool TestRequest(string id, long nowNs)
    {
        if (Status != FixClientStatus.Established)
        {
            return false;
        }

        _userTest = id;
        Await(nowNs);
        _admin.TestRequest(id, nowNs);
        return true;
    }

    /// <summary>Sends a ResendRequest that the user wants; repeated messages are counted and ignored unless they were missing.</summary>
    public bool RequestResend(long begin, long end, long nowNs)
    {
        if (Status != FixClientStatus.Established)
        {
            return false;
        }

        SendResendRequest(begin, end, nowNs);
        return true;
    }

    /// <summary>Resets both numbers to 1 inside the running session, by a Logon with 141=Y.</summary>
    public bool Reset(long nowNs)
    {
        if (Status != FixClientStatus.Established)
        {
            return false;
        }

        SendLogon(nowNs, reset: true);
        return true;
    }

    /// <summary>Sends a Logout and waits for its answer.</summary>
    public void Logout(long nowNs, string text = "")
    {
        if (Status == FixClientStatus.Established)
        {
            _admin.Logout(text, nowNs);
            Status = FixClientStatus.LogoutSent;
            _deadlineNs = nowNs + Options.AnswerTimeoutNs;
        }
        else if (Status == FixClientStatus.LogonSent)
        {
            End(FixClientEvent.LoggedOut, "given up before the Logon was answered");
        }
    }

    private void Await(long nowNs)
    {
        if (_awaitingSinceNs == 0)
        {
            _awaitingSinceNs = nowNs;
        }
    }

    private void SendLogon(long nowNs, bool reset)
    {
        _resetRequested = reset;
        _resetInSession = Status == FixClientStatus.Established;
        if (reset)
        {
            // The flag is stored first: if the connection dies before the answer, nobody knows which numbers the exchange
            // holds, and only another reset can tell.
            _store.ResetPending = true;
            _store.Restart(nextIn: _store.NextIn, nextOut: 1);
        }

        _nextExpectedSent = Options.SendNextExpected && Options.Version.Has(FixMessageKind.Logon, FixTag.NextExpectedMsgSeqNum);
        long nextExpected = reset ? 1 : _store.NextIn;
        Status = FixClientStatus.LogonSent;
        _deadlineNs = nowNs + Options.AnswerTimeoutNs;
        _admin.Logon(reset, _nextExpectedSent ? nextExpected : 0, nowNs);
    }

    private void KeepAlive(long nowNs)
    {
        switch (_keepAlive.Next(nowNs, _outbound.LastSentNs))
        {
            case FixKeepAlive.Action.Heartbeat:
                _admin.Heartbeat(default, nowNs);
                break;
            case FixKeepAlive.Action.TestRequest:
                _admin.TestRequest($"probe-{++_probeCount}", nowNs);
                break;
            case FixKeepAlive.Action.GiveUp:
                _admin.Logout("silent for too long", nowNs);
                Fail("the exchange did not answer our TestRequest: silent for two heartbeat intervals", isSilent: true);
                break;
        }
    }

    private void SendResendRequest(long begin, long end, long nowNs)
    {
        Counters.ResendRequestsSent++;
        _admin.ResendRequest(begin, end, nowNs);
    }

    private void Fail(string why, bool isSilent = false)
    {
        IsEndedBySilence = isSilent;
        End(FixClientEvent.Failed, why);
    }

    private void End(FixClientEvent what, string why)
    {
        Status = FixClientStatus.Closing;
        EndReason = why;
        _handler.OnEvent(what, why);
    }
}
