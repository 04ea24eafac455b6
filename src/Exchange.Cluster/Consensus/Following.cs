using System.Runtime.InteropServices;
using Exchange.Cluster.Consensus.Messages;
using Exchange.Log;
using Exchange.Log.Segments;
using Exchange.Protocol;

namespace Exchange.Cluster.Consensus;

// The follower's side of the log: takes the leader's entries, cuts away what contradicts them, and acknowledges.
//
// A message is checked as a whole before anything of it is taken. Entries that are there already are recognised by position and term. An
// acknowledgement never reaches beyond what was found equal to this leader's log: a longer tail of its own may be of another leader.
internal sealed class Following
{
    private readonly RaftNode _node;
    private long _verifiedTerm = -1;
    private long _verified;
    private long _sequence;
    private long _sentNs;
    private bool _isReplyDue;
    private long _repliedNs;
    private long _repliedAcked;
    private long _repliedApplied;

    public Following(RaftNode node) => _node = node;

    private long Acked
    {
        get
        {
            bool ahead = (_node.Options.Defects & PlantedDefects.AckBeforeFlush) != 0;
            return ahead ? _verified : Math.Min(_verified, _node.OwnAcked);
        }
    }

    public void ForgetLeader()
    {
        _isReplyDue = false;
        _sequence = 0;
    }

    /// <summary>Answers once a turn however many messages came, and again when more is on the device.</summary>
    public int DoWork()
    {
        if (_node.LeaderId == 0 || _verifiedTerm != _node.Term)
        {
            return 0;
        }

        long acked = Acked;
        bool hasCaughtUp = _node.AppliedPosition != _repliedApplied && _node.AppliedPosition >= _node.CommitPosition
            && _node.NowNs - _repliedNs >= Replication.NoticeNs;
        if (!_isReplyDue && acked == _repliedAcked && !hasCaughtUp)
        {
            return 0;
        }

        if (!TryReply(AppendReply.AcceptedFlag, _verified, 0, acked))
        {
            return 0;
        }

        _isReplyDue = false;
        _sentNs = 0;
        _repliedNs = _node.NowNs;
        _repliedAcked = acked;
        _repliedApplied = _node.AppliedPosition;
        return 1;
    }

    public bool OnAppend(int from, ReadOnlySpan<byte> message)
    {
        if (message.Length < AppendHeader.SizeBytes)
        {
            return false;
        }

        AppendHeader header = MemoryMarshal.Read<AppendHeader>(message);
        ReadOnlySpan<byte> entries = message[AppendHeader.SizeBytes..];
        if (!IsWellFormed(header, entries))
        {
            return false;
        }

        if (header.Term < _node.Term)
        {
            TryReplyTo(from, 0, _node.CommitPosition, 0, 0);
            return true;
        }

        if (header.Term == _node.Term && _node.IsLeader)
        {
            return false;
        }

        _node.AdoptTerm(header.Term, from);
        _node.Follow(from);
        if (_verifiedTerm != header.Term)
        {
            _verifiedTerm = header.Term;
            _verified = _node.CommitPosition;
            _repliedAcked = -1;
        }

        _sequence = header.Sequence;
        _sentNs = header.SentNs;
        if (!Fits(header))
        {
            Reject(header);
            return true;
        }

        return Take(header, entries);
    }

    // What lies below the commit position is equal everywhere, whatever is still known about its terms.
    private bool Fits(in AppendHeader header) =>
        header.PrevPosition <= _node.CommitPosition
        || (header.PrevPosition <= _node.Terms.End && header.PrevTerm != 0 && _node.Terms.TermAt(header.PrevPosition) == header.PrevTerm);

    private void Reject(in AppendHeader header)
    {
        TermIndex terms = _node.Terms;
        long hint = header.PrevPosition > terms.End ? terms.End : terms.RunAfter(header.PrevPosition);
        hint = Math.Max(hint, _node.CommitPosition);
        TryReply(0, hint, terms.TermAt(hint), Acked);
    }

    private bool Take(in AppendHeader header, ReadOnlySpan<byte> entries)
    {
        long prev = header.PrevPosition;
        for (int index = 0; index < header.Count; index++)
        {
            EntryHeader entry = MemoryMarshal.Read<EntryHeader>(entries);
            ReadOnlySpan<byte> payload = entries.Slice(EntryHeader.SizeBytes, entry.Length);
            long end = entry.Position + EntryDescriptor.Framed(EntryDescriptor.HeaderBytes + entry.Length);
            if (end > _node.CommitPosition && !IsPresent(prev, end, entry.Term))
            {
                // An entry across the commit position would contradict what is committed; none is ever cut for it.
                if (prev < _node.CommitPosition)
                {
                    return false;
                }

                Cut(prev);
                if (!TryAppend(entry, payload, end))
                {
                    return false;
                }
            }

            entries = entries[EntryHeader.Framed(entry.Length)..];
            prev = end;
        }

        if (prev > _node.Terms.End)
        {
            return false;
        }

        _verified = Math.Max(_verified, prev);
        long commit = Math.Min(header.CommitPosition, _verified);
        if (commit > _node.CommitPosition)
        {
            _node.Commit(commit);
        }

        _isReplyDue = true;
        return true;
    }

    // The logs are equal up to prev. An entry of the same term that follows is the same entry.
    private bool IsPresent(long prev, long end, long term)
    {
        TermIndex terms = _node.Terms;
        return (prev >= terms.Floor && prev < terms.End && terms.TermBehind(prev) == term)
            || ((_node.Options.Defects & PlantedDefects.SkipTruncation) != 0 && end <= terms.End);
    }

    private void Cut(long position)
    {
        long end = _node.Terms.End;
        if (position >= end)
        {
            return;
        }

        Invariant.Require(position >= _node.CommitPosition);
        _node.Counters.Truncations++;
        _node.Host.OnTruncating(position);
        _node.Log.TruncateAfter(position);
        _node.Terms.Truncate(position);
        _verified = Math.Min(_verified, position);
        if (_node.Members.Truncate(position))
        {
            _node.ConfigurationChanged();
        }
    }

    private bool TryAppend(in EntryHeader entry, ReadOnlySpan<byte> payload, long end)
    {
        SegmentedLog log = _node.Log;
        ClusterConfiguration? configuration = null;
        if (entry.Type == LogEntryTypes.Configuration && !ConfigurationCodec.TryDecode(payload, out configuration))
        {
            return false;
        }

        Span<byte> target = log.Claim(payload.Length);
        if (log.ClaimPosition != entry.Position)
        {
            log.AbandonClaim();
            return false;
        }

        payload.CopyTo(target);
        long appended = log.Commit(entry.Type, entry.Term, entry.TimestampNs);
        Invariant.Require(appended == end);
        _node.Terms.Append(appended, entry.Term);
        _node.LastLogTimeNs = Math.Max(_node.LastLogTimeNs, entry.TimestampNs);
        _node.Counters.EntriesReceived++;
        if (configuration is not null)
        {
            _node.Members.Append(appended, configuration);
            _node.ConfigurationChanged();
        }

        return true;
    }

    private bool IsWellFormed(in AppendHeader header, ReadOnlySpan<byte> entries)
    {
        if (header.Term < 1 || header.PrevPosition < 0 || header.PrevTerm < 0 || header.PrevTerm > header.Term || header.CommitPosition < 0
            || header.Count < 0 || header.Sequence < 0 || header.SentNs < 0)
        {
            return false;
        }

        long prev = header.PrevPosition;
        long term = Math.Max(1, header.PrevTerm);
        for (int index = 0; index < header.Count; index++)
        {
            if (entries.Length < EntryHeader.SizeBytes)
            {
                return false;
            }

            EntryHeader entry = MemoryMarshal.Read<EntryHeader>(entries);
            if ((uint)entry.Length > (uint)_node.Log.PayloadBytesMax || entry.Length > entries.Length - EntryHeader.SizeBytes
                || EntryHeader.Framed(entry.Length) > entries.Length
                || entry.Position < prev || entry.Position > long.MaxValue / 2 || entry.Position % EntryDescriptor.AlignmentBytes != 0
                || entry.Term < term || entry.Term > header.Term || entry.Type >= EntryDescriptor.SkipType)
            {
                return false;
            }

            prev = entry.Position + EntryDescriptor.Framed(EntryDescriptor.HeaderBytes + entry.Length);
            term = entry.Term;
            entries = entries[EntryHeader.Framed(entry.Length)..];
        }

        return entries.IsEmpty;
    }

    private bool TryReply(ushort flags, long match, long matchTerm, long acked) => TryReplyTo(_node.LeaderId, flags, match, matchTerm, acked);

    private bool TryReplyTo(int memberId, ushort flags, long match, long matchTerm, long acked) =>
        _node.TrySend(memberId, new AppendReply
        {
            Type = ConsensusMessageType.AppendReply,
            Flags = (ushort)(flags | (_node.IsRecovering ? AppendReply.RecoveringFlag : 0)),
            Term = _node.Term,
            Sequence = _sequence,
            SentNs = _sentNs,
            Match = match,
            MatchTerm = matchTerm,
            Acked = acked,
            Applied = _node.AppliedPosition,
            Commit = _node.CommitPosition,
            WallClockNs = _node.WallClockNs,
            Nonce = _node.Nonce,
        });
}
