// Elections go wrong when two stand at once and a voter dies in between. Both are rare by themselves, so they are brought about here.
using System.Runtime.InteropServices;
using Exchange.Cluster.Consensus.Messages;
using Exchange.Simulation.Members;

namespace Exchange.Simulation.Faults;

internal sealed partial class Nemesis
{
    private (long Term, int Candidate, int Count) _standing;

    /// <summary>Sees each message that leaves a member.</summary>
    public void OnSaid(SimulatedMember from, int to, byte[] message)
    {
        if (_isOver || !_cluster.Scenario.IsCloseRace)
        {
            return;
        }

        ushort type = MemoryMarshal.Read<ushort>(message);
        if (type == ConsensusMessageType.VoteReply && message.Length == VoteReply.SizeBytes)
        {
            OnVote(from, to, MemoryMarshal.Read<VoteReply>(message));
        }
        else if (type == ConsensusMessageType.VoteRequest && message.Length == VoteRequest.SizeBytes)
        {
            OnCandidacy(from, MemoryMarshal.Read<VoteRequest>(message));
        }
    }

    // Dead before or after the vote has left, and back at once: it must know whom it voted for. If two stand, so does the one it voted for,
    // and the other asks again.
    private void OnVote(SimulatedMember voter, int candidate, in VoteReply reply)
    {
        if ((reply.Flags & (VoteReply.GrantedFlag | VoteReply.PreVoteFlag)) != VoteReply.GrantedFlag)
        {
            return;
        }

        bool isContested = reply.Term == _standing.Term && _standing.Count > 1;
        if (_chance.PerMille(isContested ? 500 : 40))
        {
            KillShortly(_cluster.Boxes[voter.Id - 1], _chance.Between(0, 60_000), _chance.Between(300_000, 3_000_000));
            if (isContested)
            {
                KillShortly(_cluster.Boxes[candidate - 1], _chance.Between(0, 60_000), _chance.Between(60_000_000, 200_000_000));
            }
        }
    }

    private void OnCandidacy(SimulatedMember from, in VoteRequest request)
    {
        if ((request.Flags & VoteRequest.PreVoteFlag) != 0 || request.Term < _standing.Term)
        {
            return;
        }

        if (request.Term > _standing.Term)
        {
            _standing = (request.Term, from.Id, 1);
        }
        else if (from.Id != _standing.Candidate)
        {
            _standing = (request.Term, from.Id, _standing.Count + 1);
        }
    }

    private void KillShortly(SimulatedBox box, long delayNs, long downNs)
    {
        SimulatedMember? life = box.Member;
        _world.After(delayNs, () =>
        {
            if (box.Member is { } member && member == life)
            {
                Count++;
                box.KillMember();
                _world.After(downNs, box.StartMember);
            }
        });
    }

    // The old leader is back before another leads, as the one vote that two candidates lack.
    private void KillLeaderShortly()
    {
        if (_cluster.Leader is { } leader)
        {
            KillShortly(leader, 0, _chance.Between(500_000, 25_000_000));
        }
    }

    // All others wait as long for a leader that says nothing, so they stand at once.
    private void StopLeaderShortly()
    {
        if (_cluster.Leader is { Member: { IsStopped: false } member } leader)
        {
            leader.Tell("leader says nothing");
            member.Stop();
            _world.After(_chance.Between(190_000_000, 240_000_000), () => Wake(leader, member));
        }
    }
}
