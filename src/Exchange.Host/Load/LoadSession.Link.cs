// The connection of a load session: logon, loss, the next address.
//
//   connecting ──▶ logon sent ──▶ logged on ──▶ lost ──▶ connecting (the next address) …
//
// What has to be repeated in either direction afterwards is in LoadSession.Recovery.cs.
using System.Net;
using System.Net.Sockets;
using Exchange.Host.Client;

namespace Exchange.Host.Load;

/// <content>Connection and logon.</content>
internal sealed partial class LoadSession
{

    /// <summary>How long a logon may take at first: a dead address should not cost more. On a busy machine it doubles with each miss.</summary>
    private const long LogonNsMin = FixTime.NsPerSec / 2;

    private const long LogonNsMax = 8 * FixTime.NsPerSec;

    /// <summary>A turn longer than this means that we stood still ourselves, which is no silence of the exchange.</summary>
    private const long TurnNsMax = FixTime.NsPerSec / 50;

    private const long OutageNsMax = 60 * FixTime.NsPerSec;
    private readonly AddressRotation _rotation;
    private Socket? _socket;
    private Task? _connecting;
    private long _nowNs;
    private long _phaseSinceNs;
    private long _logonNs = LogonNsMin;
    private long _nextAttemptNs;
    private long _silentNs;
    private long _lostAtNs;
    private long _outageSinceNs;
    private long _resumedNs;
    private string _outageCause = string.Empty;
    private string _outageFrom = string.Empty;
    private bool _wasLoggedOn;
    private bool _resetRequested;

    /// <summary>The exchange accepted the Logon on the present connection.</summary>
    public bool IsLoggedOn { get; private set; }

    /// <summary>Why the session is over; null while it lives.</summary>
    public string? EndReason { get; private set; }

    /// <summary>Why the latest connection failed; for a session that cannot log on at all.</summary>
    public string LastFailure { get; private set; } = "no answer to the Logon within 10 s";

    /// <summary>We ended it on purpose.</summary>
    public bool IsLoggingOut { get; private set; }

    /// <summary>Handle of the socket, to wait on; -1 without one.</summary>
    public int Handle => _socket is null || _connecting is not null ? -1 : (int)_socket.Handle;

    /// <summary>Bytes wait for the socket.</summary>
    public bool HasOutput => _outEnd > _outStart;

    /// <summary>The session is between two connections, so that no socket will wake us.</summary>
    public bool IsBetween => EndReason is null && !IsLoggedOn;

    private EndPoint Address => _options.Addresses[_rotation.Current];

    /// <summary>One turn: connects, writes, reads and notices what does not come.</summary>
    /// <returns>Whether anything was done.</returns>
    public bool Turn(ClientClock clock)
    {
        long nowNs = clock.NowNs;
        long elapsedNs = Math.Min(nowNs - _nowNs, TurnNsMax);
        _nowNs = nowNs;
        if (_socket is null)
        {
            return EndReason is null && nowNs >= _nextAttemptNs && Connect(nowNs);
        }

        if (_connecting is not null)
        {
            return OnConnecting(nowNs);
        }

        PumpResend(nowNs);
        bool written = Flush(nowNs);
        bool read = Receive(clock);
        _silentNs = read || _unanswered == 0 ? 0 : _silentNs + elapsedNs;
        Watch(nowNs);
        return written || read;
    }

    /// <summary>Heartbeats, when nothing else was sent for a while. What still waits for the socket is as good as one.</summary>
    public void KeepAlive(long nowNs)
    {
        if (IsLoggedOn && EndReason is null && !HasOutput && nowNs - _lastSentNs > 10 * FixTime.NsPerSec)
        {
            SendAdmin("0", nowNs, static b => b);
        }

        if (EndReason is null && _lostAtNs > 0 && nowNs - _lostAtNs > OutageNsMax)
        {
            EndReason = $"no exchange for {OutageNsMax / FixTime.NsPerSec} s: {LastFailure}";
        }
    }

    /// <summary>Sends the Logout.</summary>
    public void LogOut(long nowNs)
    {
        if (EndReason is null)
        {
            IsLoggingOut = true;
            if (IsLoggedOn)
            {
                SendAdmin("5", nowNs, static b => b);
            }
            else
            {
                Lose("logged out without a connection", isSilent: false);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    private bool Connect(long nowNs)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket = socket;
        _connecting = socket.ConnectAsync(Address);
        _phaseSinceNs = nowNs;
        return true;
    }

    private bool OnConnecting(long nowNs)
    {
        Task connecting = _connecting!;
        if (!connecting.IsCompleted)
        {
            if (_options.Reconnects && nowNs - _phaseSinceNs >= _logonNs)
            {
                _logonNs = Math.Min(2 * _logonNs, LogonNsMax);
                Lose("the connection was not accepted", isSilent: true);
            }

            return false;
        }

        _connecting = null;
        if (!connecting.IsCompletedSuccessfully)
        {
            string why = connecting.Exception?.InnerException is SocketException e ? new SocketException((int)e.SocketErrorCode).Message : "cancelled";
            Lose($"cannot connect to {HostAddress.Format(Address)}: {why}", isSilent: false);
            return true;
        }

        _socket!.Blocking = false;
        _resetRequested = _resetRequested || !_wasLoggedOn || _options.ResetsOnFailover;
        if (_resetRequested)
        {
            NextOut = 1;
            _sent?.Clear();
        }

        _phaseSinceNs = nowNs;
        bool reset = _resetRequested;
        SendAdmin("A", nowNs, b => Version(reset ? b.Add(98, 0).Add(108, 30).Add(141, 'Y') : b.Add(98, 0).Add(108, 30)).Add(553, CompId).Add(554, CompId));
        return true;
    }

    private bool Flush(long nowNs)
    {
        if (_outEnd == _outStart || _socket is null)
        {
            return false;
        }

        int sent = _socket.Send(_out.AsSpan(_outStart, _outEnd - _outStart), SocketFlags.None, out SocketError error);
        if (error is not (SocketError.Success or SocketError.WouldBlock))
        {
            Lose($"write failed: {error}", isSilent: false);
            return true;
        }

        if (error == SocketError.Success)
        {
            _outStart += sent;
            _lastSentNs = nowNs;
        }

        if (_outStart == _outEnd)
        {
            _outStart = 0;
            _outEnd = 0;
        }
        else if (_outStart > BufferBytes / 2)
        {
            _out.AsSpan(_outStart, _outEnd - _outStart).CopyTo(_out);
            _outEnd -= _outStart;
            _outStart = 0;
        }

        return error == SocketError.Success;
    }

    private bool Receive(ClientClock clock)
    {
        if (_socket is null)
        {
            return false;
        }

        int read = _socket.Receive(_in.AsSpan(_inBytes), SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
        {
            return false;
        }

        if (error != SocketError.Success || read == 0)
        {
            Lose(error == SocketError.Success ? "the exchange closed the connection" : $"read failed: {error}", isSilent: false);
            return true;
        }

        long nowNs = clock.NowNs;
        _inBytes += read;
        int at = 0;
        while (_socket is not null && FixFrames.Find(_in.AsSpan(at, _inBytes - at), out int length) is var result && result != FrameResult.NeedMore)
        {
            if (result == FrameResult.Garbled)
            {
                _totals.SequenceErrors++;
            }
            else
            {
                OnFrame(_in.AsSpan(at, length), nowNs);
            }

            at += length;
        }

        // A connection that ended meanwhile has dropped what was received.
        _inBytes = Math.Max(0, _inBytes - at);
        _in.AsSpan(at, _inBytes).CopyTo(_in);
        return true;
    }

    /// <summary>What should have come by now and did not.</summary>
    private void Watch(long nowNs)
    {
        if (_socket is null)
        {
            return;
        }

        if (!IsLoggedOn && _options.Reconnects && nowNs - _phaseSinceNs >= _logonNs)
        {
            _logonNs = Math.Min(2 * _logonNs, LogonNsMax);
            Lose($"{HostAddress.Format(Address)}: no answer to the Logon", isSilent: true);
        }
        else if (IsLoggedOn && _options.SilenceNs > 0 && _silentNs >= _options.SilenceNs)
        {
            Lose($"silent for {_silentNs / 1_000_000} ms", isSilent: true);
        }
        else if (_gap.IsStalled(nowNs))
        {
            AskForGap(nowNs);
        }
    }

    private void OnFrame(ReadOnlySpan<byte> frame, long nowNs)
    {
        _totals.MessagesReceived++;
        ReportScan scan = ReportScan.Read(frame);
        if (scan.SeqNum == NextIn)
        {
            Process(scan, frame, nowNs);
            if (_gap.IsOpen)
            {
                DrainGap(nowNs);
            }
        }
        else
        {
            OnUnexpectedNumber(scan, frame, nowNs);
        }
    }

    private void Process(in ReportScan scan, ReadOnlySpan<byte> frame, long nowNs)
    {
        NextIn = scan.SeqNum + 1;
        _totals.Recovered += scan.IsPossDup ? 1 : 0;
        switch (scan.MsgType)
        {
            case (byte)'8':
                OnReport(scan, frame, nowNs);
                break;
            case (byte)'9':
                OnCancelReject(scan, nowNs);
                break;
            case (byte)'0' when !_awaitsRestatement:
                break;
            default:
                OnRare(scan.MsgType, new FixMessageView(frame), nowNs);
                break;
        }
    }

    private void OnRare(byte type, FixMessageView message, long nowNs)
    {
        switch (type)
        {
            case (byte)'0':
                OnHeartbeat(message.Text(112), nowNs);
                break;
            case (byte)'A':
                OnLoggedOn(nowNs);
                break;
            case (byte)'1':
                string id = message.Text(112);
                SendAdmin("0", nowNs, b => b.Add(112, id));
                break;
            case (byte)'2':
                OnResendRequest(message, nowNs);
                break;
            case (byte)'4':
                // Admin messages of an earlier connection are filled; on a connection that lost nothing there is nothing to fill.
                _totals.SequenceErrors += _gap.IsOpen ? 0 : 1;
                NextIn = message.TryGetInt64(36, out long next) ? Math.Max(NextIn, next) : NextIn;
                break;
            case (byte)'5':
                OnLogout(message.Text(58));
                break;
            case (byte)'B':
                // News are for people; a planned switchover is noticed when it comes.
                break;
            default:
                _totals.MessageRejects++;
                NoteReject(message.Frame);
                break;
        }
    }

    private void OnLoggedOn(long nowNs)
    {
        IsLoggedOn = true;
        _lostAtNs = 0;
        _logonNs = LogonNsMin;
        _silentNs = 0;
        _rotation.OnServed();
        if (_resetRequested && _wasLoggedOn)
        {
            // What is not restated before this is answered was not received.
            _awaitsRestatement = true;
            SendAdmin("1", nowNs, static b => b.Add(112, RestatedTestId));
        }

        _resetRequested = false;
        _wasLoggedOn = true;
    }

    private void OnLogout(string text)
    {
        LastFailure = text.Length > 0 ? $"the exchange logged out: {text}" : "logged out";
        if (text.Contains("MsgSeqNum too low", StringComparison.Ordinal))
        {
            EndReason ??= LastFailure;
        }

        Lose(LastFailure, isSilent: false);
    }

    private FixMessageBuilder Version(FixMessageBuilder logon) =>
        _options.Version.ApplVerId.Length > 0 ? logon.Add(1137, _options.Version.ApplVerId) : logon;

    private void SendAdmin(string type, long nowNs, Func<FixMessageBuilder, FixMessageBuilder> fields)
    {
        _admin.Open().Add(35, type).Add(34, NextOut++).Add(49, CompId).Add(56, _options.TargetCompId).AddTime(52, nowNs, 3);
        ReadOnlySpan<byte> frame = fields(_admin).Close(_options.Version.BeginString);
        if (frame.Length > BufferBytes - _outEnd)
        {
            Lose("the exchange takes no bytes any more", isSilent: true);
            return;
        }

        frame.CopyTo(_out.AsSpan(_outEnd));
        _outEnd += frame.Length;
        Flush(nowNs);
    }

    /// <summary>The connection is over: for good, or until the next address answers.</summary>
    private void Lose(string why, bool isSilent)
    {
        Socket? socket = _socket;
        _socket = null;
        _connecting = null;
        socket?.Dispose();
        LastFailure = why;
        if (!_options.Reconnects || IsLoggingOut)
        {
            EndReason ??= why;
            return;
        }

        string from = HostAddress.Format(Address);
        _nextAttemptNs = isSilent ? _rotation.OnSilent(_nowNs) : _rotation.OnRefused(_nowNs);
        if (IsLoggedOn)
        {
            IsLoggedOn = false;
            _lostAtNs = _nowNs;
            if (_outageSinceNs == 0)
            {
                _outageSinceNs = _lastAckNs;
                _outageCause = why;
                _outageFrom = from;
            }
        }

        // The numbers of what was not written stay used; the exchange will ask for them.
        _outStart = 0;
        _outEnd = 0;
        _inBytes = 0;
        _resendNext = 0;
        _resendLast = 0;
        _gap.Clear();
    }

    private void EndOutage(long nowNs)
    {
        if (_outageSinceNs > 0)
        {
            Outage outage = new(CompId, _outageSinceNs, nowNs, _outageCause, _outageFrom, HostAddress.Format(Address));
            _totals.Outages.Add(outage);
            _totals.OutageEnded?.Invoke(outage);
            _outageSinceNs = 0;
            _resumedNs = nowNs;
        }
    }
}
