using Exchange.Cluster.Consensus;
using Exchange.Cluster.Recovery;
using Exchange.Log;

namespace Exchange.Cluster.Transfer;

/// <summary>
/// Which snapshots travel between members, and when. A leader gives one to a follower whose entries it has no more, and each new one to
/// the witnesses, so that an engine which comes back after all others are gone finds a state to start from. Once a witness holds it, the
/// log below may go, if the options say so.
/// </summary>
internal sealed class SnapshotTraffic : IDisposable
{
    private const long RetentionNs = 1_000_000_000;
    private readonly MemberOptions _options;
    private readonly SegmentedLog _log;
    private readonly SnapshotSender _sender;
    private readonly SnapshotReceiver _receiver;
    private readonly LogRetention _retention;
    private long _nextRetentionNs;
    private long _oldestKept = -1;

    /// <summary>Creates the traffic of a member.</summary>
    public SnapshotTraffic(MemberOptions options, SegmentedLog log, SnapshotSender sender, SnapshotReceiver receiver)
    {
        _options = options;
        _log = log;
        _sender = sender;
        _receiver = receiver;
        _retention = new LogRetention { KeepBytes = options.LogKeepBytes };
    }

    /// <summary>Snapshots that arrived at their receivers since this member started.</summary>
    public long Sent => _sender.CompletedCount;

    /// <summary>Messages that made no sense.</summary>
    public long MalformedMessages => _sender.MalformedMessages + _receiver.MalformedMessages;

    /// <summary>This member has a new snapshot.</summary>
    /// <param name="oldestKept">The oldest that is kept.</param>
    public void Taken(long oldestKept) => _oldestKept = oldestKept;

    /// <summary>Takes a message; false when it is none of this part's.</summary>
    public bool OnMessage(int from, ReadOnlySpan<byte> message, long nowNs) => _receiver.OnMessage(from, message) || _sender.OnMessage(from, message, nowNs);

    /// <summary>A connection ended.</summary>
    public void OnDisconnected(int memberId) => _sender.OnDisconnected(memberId);

    /// <summary>This member leads no more.</summary>
    public void EndTerm() => _sender.CancelAll();

    /// <summary>Does a little; called often.</summary>
    /// <exception cref="MemberReopenException">A snapshot has arrived whole, and the member has to be opened again to start from it.</exception>
    public int DoWork(RaftNode raft, long newestSnapshot, long applied, long nowNs)
    {
        _receiver.PositionMin = applied;
        int work = _receiver.DoWork() ? 1 : 0;
        if (_receiver.IsComplete)
        {
            throw new MemberReopenException($"the snapshot at {_receiver.CompletePosition} has arrived; the member starts from it");
        }

        if (raft.IsLeader)
        {
            GiveWhatIsNeeded(raft, newestSnapshot, nowNs);
            work += _sender.DoWork(nowNs);
        }

        if (nowNs >= _nextRetentionNs)
        {
            _nextRetentionNs = nowNs + RetentionNs;
            DeleteWhatIsNotNeeded(raft, applied);
        }

        return work;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }

    private void GiveWhatIsNeeded(RaftNode raft, long newestSnapshot, long nowNs)
    {
        foreach (ClusterMember member in raft.Configuration.Span)
        {
            if (member.Id == _options.Id)
            {
                continue;
            }

            if (raft.TryGetProgress(member.Id, out FollowerProgress progress) && progress.NeedsSnapshot)
            {
                // Until it has installed what it was given and takes entries again; a transfer that failed is begun anew.
                if (!_sender.IsSending(member.Id))
                {
                    _sender.Begin(member.Id, TransferPurpose.Install, nowNs, out _);
                }
            }
            else if (member.Kind == MemberKind.Witness && newestSnapshot > _sender.HeldPosition(member.Id) && newestSnapshot > 0)
            {
                _sender.Begin(member.Id, TransferPurpose.Keep, nowNs, out _);
            }
        }
    }

    private void DeleteWhatIsNotNeeded(RaftNode raft, long applied)
    {
        if (_options.LogKeepBytes == long.MaxValue || !raft.IsLeader)
        {
            return;
        }

        long? witness = null;
        foreach (ClusterMember member in raft.Configuration.Span)
        {
            if (member.Kind == MemberKind.Witness)
            {
                witness = Math.Min(witness ?? long.MaxValue, _sender.HeldPosition(member.Id));
            }
        }

        DeletableBelow = _retention.DeletableBelow(_oldestKept, witness, applied);
        _log.DeleteBefore(DeletableBelow);
    }

    /// <summary>Where this leader's log may begin; 0 when nothing may go.</summary>
    public long DeletableBelow { get; private set; }

    /// <summary>The leader says where logs may begin: a follower goes no further than its own newest snapshots allow.</summary>
    public void FollowRetention(long leadersBelow, long applied)
    {
        if (_options.LogKeepBytes != long.MaxValue)
        {
            long own = _receiver.KeptPosition >= 0 ? _receiver.KeptPosition : _oldestKept;
            _log.DeleteBefore(Math.Min(leadersBelow, _retention.DeletableBelow(own, null, applied)));
        }
    }
}
