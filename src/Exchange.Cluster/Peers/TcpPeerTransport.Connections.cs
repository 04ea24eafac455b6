using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Exchange.Cluster.Peers;

/// <content>Connections: accepting, dialling, reading, writing, closing.</content>
public sealed partial class TcpPeerTransport
{
    private const int AcceptsPerTurn = 16;
    internal const int RequestBytesMax = 64 << 10;
    private const int OperatorRingBytes = 4 * IPeerTransport.MessageBytesMax;

    private const long StrangerEveryNs = 1_000_000_000;

    private bool _isListenerPaused;
    private long _nextStrangerNs;

    private void AcceptPending()
    {
        Span<byte> address = stackalloc byte[PeerSockets.AddressBytesMax];
        Span<byte> nonce = stackalloc byte[PeerHandshake.NonceBytes];
        for (int i = 0; i < AcceptsPerTurn; i++)
        {
            int descriptor = PeerSockets.Accept(_listener, address, out int addressBytes);
            if (descriptor < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                if (error is not (PeerSockets.ErrorWouldBlock or PeerSockets.ErrorInterrupted or 103))
                {
                    // Out of descriptors, most likely. The listener stays ready, so without a pause the thread would never sleep again.
                    _log.Tell("listener", $"no connection can be accepted at {LocalEndPoint} (error {error}): raise the limit of open files");
                    _isListenerPaused = true;
                    Poller.Modify(_listener, 0, ListenerTag);
                }

                return;
            }

            PeerConnection? connection = PlaceForStranger();
            if (connection is null)
            {
                _ = PeerSockets.Close(descriptor);
                continue;
            }

            PeerSockets.SetUp(descriptor);
            connection.Open(descriptor, PeerConnectionStage.Handshaking, address[..addressBytes], LocalEndPoint.AddressFamily, _nowNs + _options.HandshakeTimeoutNs);
            RandomNumberGenerator.Fill(nonce);
            connection.Handshake.Accept(_identity, _life, nonce);
            Poller.Add(descriptor, PeerSockets.EpollIn, connection.Tag);
        }
    }

    // When all places are taken, the one that has said nothing for longest goes: a member needs its place for milliseconds, who sits on one
    // for seconds is no member.
    private PeerConnection? PlaceForStranger()
    {
        int strangers = 0;
        PeerConnection? oldest = null;
        foreach (PeerConnection connection in _connections)
        {
            if (connection is { Stage: PeerConnectionStage.Handshaking, Channel: null })
            {
                strangers++;
                oldest = oldest is null || connection.DeadlineNs < oldest.DeadlineNs ? connection : oldest;
            }
        }

        if (strangers >= _options.HandshakesMax)
        {
            ForeignConnections++;
            oldest!.Close();
            return oldest;
        }

        return FreePlace();
    }

    private PeerConnection? FreePlace() => Array.Find(_connections, static connection => connection.Stage == PeerConnectionStage.Free);

    private void Dial(PeerChannel channel)
    {
        channel.DialLater(_nowNs);
        PeerConnection? connection = FreePlace();
        int descriptor = connection is null ? -1 : PeerSockets.Open(channel.Address!);
        if (descriptor < 0)
        {
            _log.Tell(Outgoing(channel), $"member {channel.Member.Id} cannot be dialled: no descriptor left; raise the limit of open files");
            return;
        }

        PeerSockets.SetUp(descriptor);
        connection!.Open(descriptor, PeerConnectionStage.Connecting, channel.Address!.Buffer.Span[..channel.Address.Size], channel.Address.Family, _nowNs + DialTimeoutNs);
        connection.Channel = channel;
        channel.Dialling = connection;
        int error = PeerSockets.StartConnect(descriptor, channel.Address);
        Poller.Add(descriptor, PeerSockets.EpollIn | PeerSockets.EpollOut, connection.Tag);
        if (error is not (0 or PeerSockets.ErrorInProgress))
        {
            DialFailed(connection, error);
        }
    }

    private void DialFailed(PeerConnection connection, int error)
    {
        PeerChannel channel = connection.Channel!;
        string why = error switch
        {
            PeerSockets.ErrorRefused => "nobody listens there",
            0 => "no answer in time",
            _ => Marshal.GetPInvokeErrorMessage(error),
        };
        _log.Tell(Outgoing(channel), $"member {channel.Member.Id} at {channel.Member.PeerAddress} cannot be reached: {why}");
        Close(connection, isProcessGone: false, "cannot be reached");

        // Its host lives and says that nobody listens: what was only silent before is gone.
        if (error == PeerSockets.ErrorRefused && channel.MayBeThere)
        {
            channel.MayBeThere = false;
            _handler.OnDisconnected(channel.Member.Id, isProcessGone: true);
        }
    }

    private void Serve(PeerConnection connection)
    {
        if (connection.Stage == PeerConnectionStage.Connecting)
        {
            FinishConnect(connection);
            return;
        }

        if (connection.Stage == PeerConnectionStage.Parting)
        {
            int left = PeerSockets.Receive(connection.Descriptor, connection.Inbound.Space);
            if (left is 0 or < 0 and not (-PeerSockets.ErrorWouldBlock or -PeerSockets.ErrorInterrupted))
            {
                connection.Close();
            }

            return;
        }

        if (connection.IsBlocked)
        {
            connection.IsBlocked = false;
            Poller.Modify(connection.Descriptor, PeerSockets.EpollIn, connection.Tag);
            _ = Send(connection);
        }

        int count = PeerSockets.Receive(connection.Descriptor, connection.Inbound.Space);
        if (count > 0)
        {
            connection.Inbound.Add(count);
            if (connection.Channel is PeerChannel channel)
            {
                channel.LastHeardNs = _nowNs;
            }

            Deliver(connection);
        }
        else if (-count is not (PeerSockets.ErrorWouldBlock or PeerSockets.ErrorInterrupted))
        {
            // A failed send has taken the error with it, and then the end of the stream says nothing about the process.
            Ended(connection, count == 0 ? connection.SendError : -count);
        }
    }

    private void FinishConnect(PeerConnection connection)
    {
        int error = PeerSockets.ConnectError(connection.Descriptor);
        if (error != 0)
        {
            DialFailed(connection, error);
            return;
        }

        Poller.Modify(connection.Descriptor, PeerSockets.EpollIn, connection.Tag);
        connection.Stage = PeerConnectionStage.Handshaking;
        connection.DeadlineNs = _nowNs + _options.HandshakeTimeoutNs;
        Span<byte> nonce = stackalloc byte[PeerHandshake.NonceBytes];
        RandomNumberGenerator.Fill(nonce);
        connection.Handshake.Dial(PeerRole.Member, _identity, _life, connection.Channel!.Member.Id, nonce, connection.Ring);
        _ = Send(connection);
    }

    private void Ended(PeerConnection connection, int error)
    {
        bool isGone = error is 0 or PeerSockets.ErrorReset or PeerSockets.ErrorBrokenPipe;
        if (connection.Stage == PeerConnectionStage.Handshaking && connection.Channel is PeerChannel dialled)
        {
            _log.Tell(Outgoing(dialled), $"member {dialled.Member.Id} at {dialled.Member.PeerAddress} closed the connection during the handshake");
        }

        string why = connection.HeardGoodbye ? "closed by it on purpose" : isGone ? "its process closed it or is gone" : Marshal.GetPInvokeErrorMessage(error);
        Close(connection, isGone && !connection.HeardGoodbye, why);
    }

    private void Deliver(PeerConnection connection)
    {
        ulong tag = connection.Tag;
        while (true)
        {
            PeerFrameStatus status = PeerFrameDescriptor.Read(connection.Inbound.Unread, connection.PayloadBytesMax, out PeerFrameKind kind, out ReadOnlySpan<byte> payload, out int consumed);
            if (status == PeerFrameStatus.Incomplete)
            {
                return;
            }

            if (status == PeerFrameStatus.Malformed || !Dispatch(connection, kind, payload, consumed))
            {
                Malformed(connection);
                return;
            }

            if (connection.Tag != tag)
            {
                return;
            }
        }
    }

    /// <summary>Handles one frame; false when such a frame has no place here.</summary>
    private bool Dispatch(PeerConnection connection, PeerFrameKind kind, ReadOnlySpan<byte> payload, int consumed)
    {
        switch (connection.Stage, kind)
        {
            case (PeerConnectionStage.Member, PeerFrameKind.Message) when payload.Length >= sizeof(ushort):
                _messages++;
                _handler.OnMessage(connection.Channel!.Member.Id, payload);
                connection.Inbound.Consume(consumed);
                return true;
            case (PeerConnectionStage.Member, PeerFrameKind.Ping) when payload.Length == 0:
                connection.Inbound.Consume(consumed);
                return true;
            case (PeerConnectionStage.Member, PeerFrameKind.Goodbye) when payload.Length == 0:
                connection.HeardGoodbye = true;
                connection.Inbound.Consume(consumed);
                return true;
            case (PeerConnectionStage.Operator, PeerFrameKind.AdminRequest):
                _messages++;
                _handler.OnAdminRequest((long)connection.Tag, payload);
                connection.Inbound.Consume(consumed);
                return true;
            case (PeerConnectionStage.Handshaking, PeerFrameKind.Handshake):
                PeerHandshakeStatus status = connection.Handshake.OnFrame(payload, connection.Ring, this);
                connection.Inbound.Consume(consumed);
                Handshaken(connection, status);
                return true;
            default:
                return false;
        }
    }

    private void Malformed(PeerConnection connection)
    {
        switch (connection.Stage)
        {
            case PeerConnectionStage.Member:
                MalformedFrames++;
                Part(connection, "it sent what is not a message");
                break;
            case PeerConnectionStage.Operator:
                MalformedFrames++;
                _log.Tell("operator", $"an operator at {connection.Remote.Address} sent what is not a request");
                Close(connection, isProcessGone: false, "it sent what is not a request");
                break;
            default:
                Foreign(connection, "its first bytes are not those of a member");
                break;
        }
    }

    private void Handshaken(PeerConnection connection, PeerHandshakeStatus status)
    {
        PeerHandshake handshake = connection.Handshake;
        switch (status)
        {
            case PeerHandshakeStatus.Running:
                _ = Send(connection);
                break;
            case PeerHandshakeStatus.Connected when handshake.Role == PeerRole.Operator:
                WelcomeOperator(connection);
                break;
            case PeerHandshakeStatus.Connected:
                Welcome(connection);
                break;
            case PeerHandshakeStatus.Refused:
                _ = Send(connection);
                RefusedConnections++;
                string verb = handshake.IsRefusedByOther ? "refuses this member" : "is refused";
                string subject = connection.Channel is PeerChannel dialled ? Outgoing(dialled) : $"from {handshake.Other.MemberId}";
                if (connection.Channel is null)
                {
                    // It is there and finds us: dialling it would end in the same way.
                    Channel(handshake.Other.MemberId)?.DialLater(_nowNs);
                }

                _log.Tell(subject, $"member {handshake.Other.MemberId} at {connection.Remote.Address} {verb}: {handshake.Reason}");
                Close(connection, isProcessGone: false, "refused");
                break;
            default:
                _ = Send(connection);
                Foreign(connection, handshake.Reason);
                break;
        }
    }

    private void Foreign(PeerConnection connection, string reason)
    {
        ForeignConnections++;
        if (connection.Channel is PeerChannel dialled)
        {
            _log.Tell(Outgoing(dialled), $"member {dialled.Member.Id} at {dialled.Member.PeerAddress} is not one of this cluster: {reason}");
        }
        else
        {
            TellOfStranger(connection, reason);
        }

        Close(connection, isProcessGone: false, "foreign");
    }

    // Strangers choose what they do and how often; they must not choose how much is logged.
    private void TellOfStranger(PeerConnection connection, string reason)
    {
        if (_nowNs >= _nextStrangerNs)
        {
            _nextStrangerNs = _nowNs + StrangerEveryNs;
            string address = connection.Remote.Address.ToString();
            _log.Tell(address, $"a connection from {address} was dropped: {reason}");
        }
    }

    private void WelcomeOperator(PeerConnection connection)
    {
        int place = Array.IndexOf(_operators, null);
        if (place < 0)
        {
            _log.Tell("operators", $"an operator was turned away: {OperatorsMax} are connected already");
            Close(connection, isProcessGone: false, "too many operators");
            return;
        }

        _operators[place] = connection;
        connection.OperatorPlace = place;
        connection.Promote(
            PeerConnectionStage.Operator,
            _operatorInbounds[place] ??= new ReceiveBuffer(4 * RequestBytesMax),
            _operatorRings[place] ??= new SendRing(OperatorRingBytes),
            RequestBytesMax);
    }

    private int Send(PeerConnection connection)
    {
        SendRing ring = connection.Ring;
        int progressed = 0;
        while (!ring.IsEmpty && connection.SendError == 0)
        {
            int sent = PeerSockets.Send(connection.Descriptor, ring.Pending);
            if (sent > 0)
            {
                ring.Consume(sent);
                progressed = 1;
            }
            else if (-sent == PeerSockets.ErrorWouldBlock)
            {
                connection.IsBlocked = true;
                Poller.Modify(connection.Descriptor, PeerSockets.EpollIn | PeerSockets.EpollOut, connection.Tag);
                break;
            }
            else if (-sent != PeerSockets.ErrorInterrupted)
            {
                // What broke shows at the next read too, and there it is dealt with.
                connection.SendError = -sent;
            }
        }

        if (progressed != 0 && connection.Channel is PeerChannel channel)
        {
            channel.LastSentNs = _nowNs;
        }

        return progressed;
    }

    /// <summary>Closes a member's connection on purpose, and says so to the other side.</summary>
    private void Part(PeerConnection connection, string why)
    {
        PeerChannel channel = connection.Channel!;
        SayGoodbye(connection);
        Lost(channel, isProcessGone: false, why);
    }

    private void SayGoodbye(PeerConnection connection)
    {
        if (connection.Ring.TryWrite(PeerFrameKind.Goodbye, default))
        {
            _ = Send(connection);
        }

        if (connection.Ring.IsEmpty)
        {
            connection.Part(_nowNs + PartingNs);
        }
        else
        {
            connection.Close();
        }
    }

    private void Close(PeerConnection connection, bool isProcessGone, string why)
    {
        PeerChannel? channel = connection.Channel;
        bool wasMember = connection.Stage == PeerConnectionStage.Member;
        if (connection.OperatorPlace >= 0)
        {
            _operators[connection.OperatorPlace] = null;
        }

        connection.Close();
        if (wasMember)
        {
            Lost(channel!, isProcessGone, why);
        }
        else if (channel is not null)
        {
            channel.Dialling = null;
        }
    }

    private void Lost(PeerChannel channel, bool isProcessGone, string why)
    {
        channel.Connection = null;
        channel.FullSinceNs = 0;
        channel.MayBeThere = !isProcessGone;
        channel.DialSoon(_nowNs);
        _options.Log($"member {channel.Member.Id} is disconnected: {why}");
        _handler.OnDisconnected(channel.Member.Id, isProcessGone);
    }

    private static string Outgoing(PeerChannel channel) => $"to {channel.Member.Id}";
}
