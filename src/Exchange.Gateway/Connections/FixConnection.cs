// Problem: what happens on one FIX connection depends on bytes, on time, on passwords and on the exchange, each of which comes when it
//          likes. Tangled with sockets and threads that could be neither simulated nor tested.
// Idea:    this class is told of each of them and does no I/O. Bytes in: Receive consumes whole messages and offers one command for each;
//          what the ingress refuses stays with the caller and comes again, so back pressure reaches the client's TCP window and nothing is
//          queued here. Time in: OnTime. Events in: OnEvent encodes into the outbound buffer. Out: commands to the sink, bytes in the
//          outbound buffer, and a state that tells the owner what to do with the socket.
//
//   AwaitingLogon -> AwaitingPasswordCheck -> CheckingPassword -> HoldingLogon -> AwaitingLogonReply -> Bound
//        |                                          |                                     |             |
//        +------------------------------------------+---------------> Closed <--- Lingering <--- Flushing
//
// Must hold: the gateway says nothing by itself; every byte sent stems from an event. Once a Logon was offered, exactly one ConnectionLost
//            follows when the connection ends, behind all of its other commands.
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Exchange.Fix.Framing;
using Exchange.Gateway.Authentication;
using Exchange.Gateway.Translation;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;

namespace Exchange.Gateway.Connections;

/// <summary>The logic of one FIX connection: bytes, time and events in; commands, bytes and a state out. Reused for the slot's next connection.</summary>
internal sealed partial class FixConnection
{
    private readonly ConnectionContext _context;
    private readonly byte[] _logonCommand = new byte[LogonCommand.SizeBytes];
    private SessionTimers _timers;
    private SessionProfile? _profile;
    private long _deadlineNs;
    private long _garbledBytes;
    private int _bytesNeeded;
    private bool _logonForwarded;
    private bool _logonIsValid;
    private bool _bringsNewPassword;
    private bool _owesConnectionLost;
    private bool _backPressured;

    /// <summary>Creates the connection logic of a slot.</summary>
    public FixConnection(int slot, ConnectionContext context)
    {
        Slot = slot;
        _context = context;
        Outbound = new OutboundBuffer(context.OutboundLimitBytes, context.OutboundCatchUpLimitBytes);
        Authentication = new AuthenticationRequest(slot);
    }

    /// <summary>Index in the gateway's table.</summary>
    public int Slot { get; }

    /// <summary>Number of the connection within the incarnation, from 1.</summary>
    public long ConnectionId { get; private set; }

    /// <summary>The client's address, for the log and the throttle.</summary>
    public IPEndPoint? RemoteEndPoint { get; private set; }

    /// <summary>What limits for an address count the client as; null when nobody knows.</summary>
    public IPAddress? Network { get; private set; }

    /// <summary>The names in the client's TLS certificate; empty when it showed none.</summary>
    public IReadOnlyList<string> CertificateNames { get; private set; } = [];

    /// <summary>Who logs on; null before, and when the Logon named nobody.</summary>
    public Participant? Participant { get; private set; }

    /// <summary>Where the connection stands.</summary>
    public ConnectionState State { get; private set; }

    /// <summary>Whether it is open and nobody has logged on over it yet.</summary>
    public bool IsBeforeLogon => State is >= ConnectionState.AwaitingLogon and <= ConnectionState.AwaitingLogonReply;

    /// <summary>Why it was closed.</summary>
    public CloseReason CloseReason { get; private set; }

    /// <summary>The core's reason, with <see cref="CloseReason.Core"/>.</summary>
    public ReasonCode CoreReason { get; private set; }

    /// <summary>What is to be sent.</summary>
    public OutboundBuffer Outbound { get; }

    /// <summary>The password to be checked, in <see cref="ConnectionState.AwaitingPasswordCheck"/>.</summary>
    public AuthenticationRequest Authentication { get; }

    /// <summary>Whether the owner has this connection on its list of outputs for this duty cycle.</summary>
    public bool IsFlushQueued { get; set; }

    /// <summary>Whether the owner has let go of the socket.</summary>
    public bool IsSocketReleased { get; set; }

    /// <summary>Whether the ingress had no room for a message.</summary>
    public bool IsBackPressured => _backPressured;

    /// <summary>Whether bytes handed to <see cref="Receive{TSink}"/> now would stay where they are.</summary>
    public bool IsReadPaused => _backPressured || IsPasswordChangePending || State is ConnectionState.AwaitingPasswordCheck or ConnectionState.CheckingPassword or ConnectionState.HoldingLogon;

    /// <summary>Whether a command waits for room in the ingress.</summary>
    public bool OwesCommand => _owesConnectionLost || State == ConnectionState.HoldingLogon || _userRequest == UserRequestStage.Holding || _owesPasswordChange;

    /// <summary>Whether the slot can take the next connection.</summary>
    public bool IsReusable => State == ConnectionState.Closed && !_owesConnectionLost && IsSocketReleased && !Authentication.InFlight;

    /// <summary>Begins a connection.</summary>
    public void Open(long connectionId, IPEndPoint? remoteEndPoint, in GatewayTime now, string[]? certificateNames = null)
    {
        Invariant.Require(State is ConnectionState.Free);
        ConnectionId = connectionId;
        RemoteEndPoint = remoteEndPoint;
        Network = ClientNetwork.Of(remoteEndPoint?.Address);
        CertificateNames = certificateNames ?? [];
        Participant = null;
        _profile = null;
        CloseReason = CloseReason.None;
        CoreReason = ReasonCode.None;
        IsSocketReleased = false;
        _timers = default;
        ForgetAllowance();
        _userRequest = UserRequestStage.None;
        _owesPasswordChange = false;
        _garbledBytes = 0;
        _bytesNeeded = 0;
        _logonForwarded = false;
        _backPressured = false;
        Outbound.Reset();
        _deadlineNs = now.MonotonicNs + _context.LogonTimeoutNs;
        State = ConnectionState.AwaitingLogon;
    }

    /// <summary>Ends the tenancy of a slot.</summary>
    public void Free()
    {
        Invariant.Require(IsReusable);
        State = ConnectionState.Free;
    }

    /// <summary>
    /// Takes bytes in the order in which they came. Passwords in them are overwritten.
    /// </summary>
    /// <returns>
    /// How many were consumed. The caller brings the rest again, followed by what came since: when more came, or, while
    /// <see cref="IsReadPaused"/>, in a later duty cycle.
    /// </returns>
    public int Receive<TSink>(Span<byte> bytes, in GatewayTime now, ref TSink sink)
        where TSink : struct, ICommandSink
    {
        _backPressured = false;
        int consumed = 0;
        while (consumed < bytes.Length && bytes.Length - consumed >= _bytesNeeded)
        {
            Span<byte> rest = bytes[consumed..];
            int taken;
            switch (State)
            {
                case ConnectionState.AwaitingLogonReply or ConnectionState.Bound when IsPasswordChangePending:
                    return consumed;
                case ConnectionState.AwaitingLogonReply or ConnectionState.Bound when !IsCutOff:
                    taken = ReceiveMessage(rest, in now, ref sink);
                    break;
                case ConnectionState.AwaitingLogon:
                    taken = ReceiveLogon(rest, in now, ref sink);
                    break;
                case ConnectionState.AwaitingPasswordCheck or ConnectionState.CheckingPassword or ConnectionState.HoldingLogon:
                    return consumed;
                default:
                    // The session is over; reading on and throwing away keeps TCP from answering with a reset that would destroy our last words.
                    // What is thrown away may hold a password.
                    CryptographicOperations.ZeroMemory(rest);
                    return bytes.Length;
            }

            if (taken == 0)
            {
                break;
            }

            consumed += taken;
            _bytesNeeded = 0;
        }

        return consumed;
    }

    /// <summary>Offers what waits for room in the ingress.</summary>
    public void OfferOwed<TSink>(in GatewayTime now, ref TSink sink)
        where TSink : struct, ICommandSink
    {
        if (State == ConnectionState.HoldingLogon)
        {
            OfferLogon(in now, ref sink);
        }

        if (IsPasswordChangePending)
        {
            OfferPasswordChange(ref sink);
        }

        if (_owesConnectionLost && OfferDue(CommandType.ConnectionLost, ToReasonCode(CloseReason), in now, ref sink))
        {
            _owesConnectionLost = false;
        }

        _context.AttentionNeeded |= OwesCommand;
    }

    /// <summary>Lets time pass: deadlines and the three timers of a session.</summary>
    public void OnTime<TSink>(in GatewayTime now, ref TSink sink)
        where TSink : struct, ICommandSink
    {
        switch (State)
        {
            case ConnectionState.AwaitingLogon:
                CloseAfter(CloseReason.LogonTimeout, in now);
                break;
            case ConnectionState.AwaitingPasswordCheck or ConnectionState.CheckingPassword or ConnectionState.HoldingLogon:
                CloseAfter(CloseReason.LogonStalled, in now);
                break;
            case ConnectionState.AwaitingLogonReply:
                CloseAfter(CloseReason.LogonUnanswered, in now);
                break;
            case ConnectionState.Bound:
                OnTimeBound(in now, ref sink);
                break;
            case ConnectionState.Flushing:
                CloseAfter(CloseReason.FlushTimeout, in now);
                break;
            case ConnectionState.Lingering:
                if (now.MonotonicNs >= _deadlineNs)
                {
                    SetClosed();
                }

                break;
            default:
                break;
        }
    }

    /// <summary>Takes an event of this connection, in the order of the member's egress.</summary>
    /// <returns>False when the connection is over and the event was for nobody.</returns>
    public bool OnEvent(ReadOnlySpan<byte> record, in GatewayTime now)
    {
        if (State is not (ConnectionState.AwaitingLogonReply or ConnectionState.Bound))
        {
            return false;
        }

        ref readonly EventHeader header = ref MemoryMarshal.AsRef<EventHeader>(record);
        switch (header.Type)
        {
            case EventType.CloseConnection:
                CoreReason = MemoryMarshal.AsRef<CloseConnectionEvent>(record).Reason;
                BeginFlushing(CloseReason.Core, in now);
                return true;
            case EventType.Logon:
                State = ConnectionState.Bound;
                ref readonly LogonEvent logon = ref MemoryMarshal.AsRef<LogonEvent>(record);
                _timers.Start(logon.HeartBtIntSec, now.MonotonicNs);
                if (logon.NextExpectedMsgSeqNum != 0)
                {
                    NoteAskedFor(logon.NextExpectedMsgSeqNum, through: 0);
                }

                break;
            case EventType.TestRequest when MemoryMarshal.AsRef<TestReqEvent>(record).Probe != 0:
                _timers.ArmProbe(now.MonotonicNs, _context.ProbeLimitNs);
                break;
            case EventType.GapFill:
                Outbound.BeginCatchUp();
                break;
            case EventType.ResendRequest:
                ref readonly RangeEvent range = ref MemoryMarshal.AsRef<RangeEvent>(record);
                NoteAskedFor(range.BeginSeqNo, range.EndSeqNo);
                break;
            default:
                if ((header.Flags & EventFlags.PossDup) != 0)
                {
                    Outbound.BeginCatchUp();
                }

                break;
        }

        Encode(record, in now);
        return true;
    }

    /// <summary>The owner has sent everything and shut down our half of the connection.</summary>
    public void Flushed(in GatewayTime now)
    {
        if (State == ConnectionState.Flushing)
        {
            State = ConnectionState.Lingering;
            _deadlineNs = now.MonotonicNs + _context.CloseGraceNs;
        }
    }

    /// <summary>Ends the connection at once; what is left to be sent is lost.</summary>
    public void Close(CloseReason reason, in GatewayTime now)
    {
        if (State is ConnectionState.Free or ConnectionState.Closed)
        {
            return;
        }

        if (State is not (ConnectionState.Flushing or ConnectionState.Lingering))
        {
            EndSession(reason);
        }
        else if (State == ConnectionState.Flushing && reason == CloseReason.FlushTimeout)
        {
            CloseReason = reason;
        }

        _deadlineNs = now.MonotonicNs;
        SetClosed();
    }

    /// <summary>The member is gone, and with it whoever a ConnectionLost could be owed to.</summary>
    public void MemberLost(in GatewayTime now)
    {
        Close(CloseReason.MemberLost, in now);
        _owesConnectionLost = false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int ReceiveMessage<TSink>(Span<byte> bytes, in GatewayTime now, ref TSink sink)
        where TSink : struct, ICommandSink
    {
        FixFrame frame = FixFramer.Read(bytes);
        if (frame.Status != FrameStatus.Message)
        {
            return NoMessage(bytes, in frame, in now);
        }

        Span<byte> command = _context.Scratch;
        int length = _context.Translator.Translate(bytes[..frame.Consumed], _profile!, now.UnixNs, command);
        MessageToll toll = MessageToll.None;
        if (MemoryMarshal.AsRef<CommandHeader>(command).Type <= CommandType.UserRequest || _allowance!.IsLimited)
        {
            toll = Throttle(command, ref length, now.MonotonicNs);
            if (toll == MessageToll.Flood)
            {
                return CutOff(bytes, in now, ref sink);
            }
        }

        StampHeader(ref MemoryMarshal.AsRef<CommandHeader>(command), length, now.UnixNs);
        bool mayHoldPassword = MemoryMarshal.AsRef<CommandHeader>(command).Type is CommandType.UserRequest or CommandType.InvalidMessage or CommandType.Logon;
        if (!(mayHoldPassword && TryHoldUserRequest(bytes[..frame.Consumed], command[..length])) && !sink.TryOffer(command[..length]))
        {
            _backPressured = true;
            _context.Counters.BackPressured();
            return 0;
        }

        if (mayHoldPassword)
        {
            WipePasswords(bytes[..frame.Consumed], command);
        }

        if (toll != MessageToll.None)
        {
            _allowance!.Count(toll, now.MonotonicNs);
        }

        _garbledBytes = 0;
        _timers.Received(now.MonotonicNs);
        _context.Counters.MessageIn(frame.Consumed);
        return frame.Consumed;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int NoMessage(Span<byte> bytes, in FixFrame frame, in GatewayTime now)
    {
        if (frame.Status == FrameStatus.NeedMore)
        {
            _bytesNeeded = frame.BytesNeeded;
            return 0;
        }

        // A damaged message may hold a password too.
        CryptographicOperations.ZeroMemory(bytes[..frame.Consumed]);
        _context.Counters.GarbledInput();
        _garbledBytes += frame.Consumed;
        if (_garbledBytes > _context.GarbledBytesMax)
        {
            _context.Counters.Dropped();
            Close(CloseReason.Garbled, in now);
            return bytes.Length;
        }

        return frame.Consumed;
    }

    private void OnTimeBound<TSink>(in GatewayTime now, ref TSink sink)
        where TSink : struct, ICommandSink
    {
        if (_backPressured || IsPasswordChangePending)
        {
            // We are not reading, so the client's silence proves nothing.
            _timers.Received(now.MonotonicNs);
        }

        switch (_timers.Next(now.MonotonicNs))
        {
            case SessionTimerAction.Heartbeat:
                if (OfferDue(CommandType.HeartbeatDue, ReasonCode.None, in now, ref sink))
                {
                    _timers.HeartbeatAsked(now.MonotonicNs);
                }

                break;
            case SessionTimerAction.TestRequest:
                if (OfferDue(CommandType.TestRequestDue, ReasonCode.None, in now, ref sink))
                {
                    _timers.TestRequestAsked();
                }

                break;
            case SessionTimerAction.Logout:
                if (OfferDue(CommandType.LogoutDue, ReasonCode.PeerSilent, in now, ref sink))
                {
                    _timers.LogoutAsked(now.MonotonicNs, _context.CloseGraceNs);
                }

                break;
            case SessionTimerAction.GiveUp:
                _context.Counters.Dropped();
                Close(IsCutOff ? CloseReason.Flood : CloseReason.PeerSilent, in now);
                break;
            case SessionTimerAction.ProbeUnanswered:
                Close(CloseReason.ProbeUnanswered, in now);
                break;
            default:
                break;
        }
    }

    private void Encode(ReadOnlySpan<byte> record, in GatewayTime now)
    {
        if (!Outbound.TryReserve(EventEncoder.LengthMaxOf(record), out Span<byte> target))
        {
            _context.Counters.Dropped();
            Close(CloseReason.SlowConsumer, in now);
            return;
        }

        int length = _context.Encoder.Encode(record, _profile!, _context.Instruments, target);
        if (length > 0)
        {
            Outbound.Commit(length);
            _timers.Sent(now.MonotonicNs);
            _context.Counters.MessageOut(length);
        }
    }

    private bool OfferDue<TSink>(CommandType type, ReasonCode reason, in GatewayTime now, ref TSink sink)
        where TSink : struct, ICommandSink
    {
        ConnectionCommand command = default;
        command.Header.Type = type;
        command.Reason = reason;
        StampHeader(ref command.Header, ConnectionCommand.SizeBytes, now.UnixNs);
        return sink.TryOffer(MemoryMarshal.AsBytes(new ReadOnlySpan<ConnectionCommand>(in command)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void StampHeader(ref CommandHeader header, int length, long nowUnixNs)
    {
        header.Layout = CommandHeader.CurrentLayout;
        header.Length = length;
        header.LeadershipTerm = _context.LeadershipTerm;
        header.GatewayIncarnation = _context.Incarnation;
        header.ConnectionId = ConnectionId;
        header.GatewayId = _context.GatewayId;
        header.SessionId = Participant!.SessionId;
        header.ReceivedNs = nowUnixNs;
    }

    private void CloseAfter(CloseReason reason, in GatewayTime now)
    {
        if (now.MonotonicNs >= _deadlineNs)
        {
            Close(reason, in now);
        }
    }

    private void BeginFlushing(CloseReason reason, in GatewayTime now)
    {
        EndSession(reason);
        _deadlineNs = now.MonotonicNs + _context.CloseGraceNs;
        State = ConnectionState.Flushing;
    }

    private void EndSession(CloseReason reason)
    {
        CloseReason = reason;
        _owesConnectionLost = _logonForwarded;
        _backPressured = false;
        _bytesNeeded = 0;
        _userRequest = UserRequestStage.None;
        _owesPasswordChange = false;
        if (!Authentication.InFlight)
        {
            Authentication.Wipe();
        }

        _context.AttentionNeeded = true;
    }

    private void SetClosed()
    {
        State = ConnectionState.Closed;
        _context.AttentionNeeded = true;
    }

    private static ReasonCode ToReasonCode(CloseReason reason) => reason switch
    {
        CloseReason.PeerSilent => ReasonCode.PeerSilent,
        CloseReason.SlowConsumer => ReasonCode.SlowConsumer,
        CloseReason.Flood => ReasonCode.SessionMessageFlood,
        CloseReason.ProbeUnanswered => ReasonCode.DuplicateLogon,
        _ => ReasonCode.None,
    };
}
