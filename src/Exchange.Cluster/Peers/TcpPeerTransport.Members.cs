using System.Net;
using Exchange.Cluster.Consensus;

namespace Exchange.Cluster.Peers;

/// <content>Members: who they are, who fits, and what is due from time to time.</content>
public sealed partial class TcpPeerTransport
{
    private const long DutyPeriodNs = 5_000_000;
    private const long DialTimeoutNs = 500_000_000;
    private const long PingEveryNs = 500_000_000;
    private const long ResolveEveryNs = 5_000_000_000;
    private const long PartingNs = 1_000_000_000;
    private const long AliveForNs = 2_000_000_000;
    private const long RefusedForNs = 10_000_000_000;
    private const int ChannelsMax = 2 * ClusterConfiguration.MembersMax;

    private readonly long[] _refusedUntilNs = new long[256];

    /// <inheritdoc/>
    string? IPeerJudge.Judge(int expectedMemberId, in PeerIdentity other, Guid otherLife)
    {
        int self = _identity.MemberId;
        int id = other.MemberId;
        if (other.ClusterId != _identity.ClusterId)
        {
            return $"cluster id: member {self} has {_identity.ClusterId}, member {id} has {other.ClusterId}";
        }

        if (id == self)
        {
            return $"member id: both sides say that they are member {self}; each member needs an id of its own";
        }

        if (expectedMemberId != 0 && id != expectedMemberId)
        {
            return $"member id: member {self} dialled member {expectedMemberId}, member {id} answers at that address";
        }

        // One that is not known may have become a member while this one was away, and may be the leader that says so. One that was
        // removed before this member's eyes is told so, for a while.
        PeerChannel? channel = Channel(id);
        if (channel is null && (id is < 1 or > 255 || _nowNs < _refusedUntilNs[id] || _channels.Length >= ChannelsMax))
        {
            return $"member id: member {self} knows the members {KnownIds()}, not member {id}";
        }

        if (channel is { IsGuest: false } && other.Kind != channel.Member.Kind)
        {
            return $"kind: member {self} knows member {id} as {Name(channel.Member.Kind)}, it runs as {Name(other.Kind)}";
        }

        if (other.ProtocolVersion != _identity.ProtocolVersion)
        {
            return $"protocol version: member {self} has {_identity.ProtocolVersion} (release {_identity.Release}), member {id} has {other.ProtocolVersion} (release {other.Release})";
        }

        if (other.HistoryId != _identity.HistoryId && other.HistoryId != Guid.Empty && _identity.HistoryId != Guid.Empty)
        {
            return $"history id: member {self} has {_identity.HistoryId}, member {id} has {other.HistoryId}; the one with the wrong log must be rebuilt";
        }

        if (other.SegmentBytes != _identity.SegmentBytes)
        {
            return $"segment size: member {self} has {_identity.SegmentBytes} bytes, member {id} has {other.SegmentBytes} bytes";
        }

        // A process that died has closed its connection; one that speaks on it is alive, and then there are two of that id.
        if (channel?.Connection is PeerConnection taken && channel.Life != otherLife && _nowNs - channel.LastHeardNs < AliveForNs)
        {
            return $"member id: member {id} is connected already from {taken.Remote} as another process; two members have the same id, or the other one is just ending";
        }

        return null;
    }

    private static string Name(MemberKind kind) => kind switch
    {
        MemberKind.Engine => "engine",
        MemberKind.Witness => "witness",
        _ => $"kind {(byte)kind}",
    };

    private string KnownIds() => string.Join(", ", _configuration?.Members.Select(static member => member.Id) ?? []);

    private void Welcome(PeerConnection connection)
    {
        PeerHandshake handshake = connection.Handshake;
        PeerIdentity other = handshake.Other;

        PeerChannel? channel = Channel(other.MemberId);
        if (channel is null)
        {
            // The configuration may have changed between the answer and its confirmation; the other side thinks that it is connected.
            if (connection.Channel is not null || _nowNs < _refusedUntilNs[other.MemberId])
            {
                SayGoodbye(connection);
                return;
            }

            channel = new PeerChannel(new ClusterMember(other.MemberId, other.Kind, IsVoter: false, 0, string.Empty, string.Empty), _options.SendRingBytes) { IsGuest = true };
            _byId[other.MemberId] = channel;
            _channels = [.. _channels, channel];
        }

        if (channel.Connection is PeerConnection older)
        {
            Part(older, "it has connected anew");
        }

        if (connection.Channel is not null)
        {
            channel.Dialling = null;
        }

        connection.Channel = channel;
        channel.Connection = connection;
        channel.Life = handshake.OtherLife;
        channel.LastHeardNs = _nowNs;
        channel.FullSinceNs = 0;
        channel.MayBeThere = true;
        connection.Promote(PeerConnectionStage.Member, channel.Inbound, channel.Ring, IPeerTransport.MessageBytesMax);
        _ = Send(connection);
        _log.Forget(Outgoing(channel));
        _log.Forget($"from {other.MemberId}");
        _options.Log($"member {other.MemberId} is connected ({Name(other.Kind)}, release {other.Release}, {connection.Remote})");
        _handler.OnConnected(other);
    }

    private void Apply(ClusterConfiguration configuration)
    {
        _nextConfiguration = null;
        _configuration = configuration;
        List<PeerChannel> channels = [];
        foreach (ClusterMember member in configuration.Members)
        {
            if (member.Id != _identity.MemberId)
            {
                channels.Add(ChannelFor(member));
            }
        }

        PeerChannel[] former = _channels;
        channels.AddRange(former.Where(static channel => channel is { IsGuest: true, Connection: not null }));
        _channels = [.. channels];
        foreach (PeerChannel channel in former.Except(channels))
        {
            _byId[channel.Member.Id] = null;
            _refusedUntilNs[channel.Member.Id] = channel.IsGuest ? 0 : _nowNs + RefusedForNs;
            Leave(channel, "it is no member any more");
        }
    }

    private PeerChannel ChannelFor(ClusterMember member)
    {
        PeerChannel? channel = _byId[member.Id];
        bool isMoved = channel is not null && channel.Member.PeerAddress != member.PeerAddress;
        if (channel is null || isMoved)
        {
            if (channel is { IsGuest: false })
            {
                Leave(channel, "it has another address now");
            }

            channel ??= new PeerChannel(member, _options.SendRingBytes);
            channel.IsGuest = false;
            channel.DialsLate = _identity.MemberId < member.Id;
            channel.Address = null;
            channel.Resolving = null;
            channel.NextResolveNs = 0;
            channel.NextDialNs = _nowNs + (channel.DialsLate ? PeerChannel.LateDialNs : 0);
            _byId[member.Id] = channel;
            FindAddress(channel, member);
        }

        channel.Member = member;
        return channel;
    }

    private static void FindAddress(PeerChannel channel, ClusterMember member)
    {
        if (PeerAddress.TryParse(member.PeerAddress, out string? host, out int port) && IPAddress.TryParse(host, out IPAddress? address))
        {
            channel.Address = new IPEndPoint(address, port).Serialize();
        }
        else
        {
            channel.NextResolveNs = channel.NextDialNs;
        }
    }

    // A name server may take seconds, and a name may move to another box: looked up on another thread, again and again until there is a connection.
    private void LookUp(PeerChannel channel)
    {
        if (channel.Resolving is { IsCompleted: true } resolved)
        {
            (IPEndPoint? endPoint, string? error) = resolved.Result;
            channel.Resolving = null;
            channel.Address = endPoint?.Serialize() ?? channel.Address;
            channel.NextResolveNs = _nowNs + ResolveEveryNs;
            if (error is not null)
            {
                _log.Tell(Outgoing(channel), $"member {channel.Member.Id} cannot be dialled: {error}");
            }
        }
        else if (channel.Resolving is null && _nowNs >= channel.NextResolveNs)
        {
            string text = channel.Member.PeerAddress;
            channel.Resolving = Task.Run(() => (PeerAddress.TryResolve(text, out IPEndPoint? endPoint, out string? error) ? endPoint : null, error));
        }
    }

    private void Leave(PeerChannel channel, string why)
    {
        if (channel.Dialling is PeerConnection dialling)
        {
            Close(dialling, isProcessGone: false, why);
        }

        if (channel.Connection is PeerConnection connection)
        {
            Part(connection, why);
        }
    }

    private void DoDuties()
    {
        _nextDutyNs = _nowNs + DutyPeriodNs;
        if (_isListenerPaused)
        {
            _isListenerPaused = false;
            Poller.Modify(_listener, PeerSockets.EpollIn, ListenerTag);
        }

        foreach (PeerConnection connection in _connections)
        {
            LookAfter(connection);
        }

        foreach (PeerChannel channel in _channels)
        {
            LookAfter(channel);
        }
    }

    private void LookAfter(PeerConnection connection)
    {
        if (connection.IsDoomed)
        {
            Close(connection, isProcessGone: false, "an operator does not read");
        }
        else if (connection.Stage == PeerConnectionStage.Connecting && _nowNs >= connection.DeadlineNs)
        {
            DialFailed(connection, 0);
        }
        else if (connection.Stage == PeerConnectionStage.Parting && _nowNs >= connection.DeadlineNs)
        {
            connection.Close();
        }
        else if (connection.Stage == PeerConnectionStage.Handshaking && _nowNs >= connection.DeadlineNs)
        {
            Foreign(connection, "it did not finish the handshake in time");
        }
    }

    private void LookAfter(PeerChannel channel)
    {
        if (channel.Connection is not PeerConnection connection)
        {
            if (channel.NextResolveNs != 0)
            {
                LookUp(channel);
            }

            if (channel.Address is not null && channel.Dialling is null && _nowNs >= channel.NextDialNs)
            {
                Dial(channel);
            }
        }
        else if (channel.FullSinceNs != 0 && _nowNs - channel.FullSinceNs >= _options.FullQueueTimeoutNs)
        {
            Part(connection, $"it has taken nothing from its full queue for {_options.FullQueueTimeoutNs / 1_000_000} ms");
        }
        else if (_nowNs - channel.LastSentNs >= PingEveryNs && connection.Ring.IsEmpty)
        {
            _ = connection.Ring.TryWrite(PeerFrameKind.Ping, default);
            _ = Send(connection);
        }
    }
}
