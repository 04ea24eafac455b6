using System.Runtime.InteropServices;
using Exchange.Cluster;
using Exchange.Cluster.Consensus;
using Exchange.Cluster.Peers;
using Exchange.Cluster.Recovery;
using Exchange.Cluster.Snapshots;
using Exchange.Cluster.Transfer;
using Exchange.Core;
using Exchange.Log;
using Exchange.Log.History;
using Exchange.Protocol.Commands;
using Exchange.Simulation.Engine;
using Exchange.Simulation.Gateways;
using Exchange.Simulation.Network;

namespace Exchange.Simulation.Members;

/// <summary>One life of a member's process: the real logic over the real log, attached to simulated surroundings.</summary>
internal sealed class SimulatedMember : IMemberUnderTest
{
    private readonly SegmentedLog _log;
    private readonly MessageHistory _history;
    private readonly MemberNode _node;
    private readonly SimulatedFlush _flush;
    private readonly SnapshotTraffic _traffic;
    private readonly SimulatedSnapshots _snapshots;
    private readonly SimulatedThread _thread;
    private long _seen;

    /// <summary>Starts a process on what a box has on its disk.</summary>
    public SimulatedMember(MemberStart start)
    {
        Id = start.Options.Id;
        Durability = start.Options.Durability;
        Chance chance = start.World.Chance.Fork();
        start.Votes.Restart();
        MemberAssembly.PrepareDirectory(start.Options, start.Votes);
        _log = SegmentedLog.Open(new LogOptions
        {
            Directory = MemberDirectories.Log(start.Options.Directory),
            SegmentBytes = start.Options.SegmentBytes,
            LogId = start.Options.Configuration!.ClusterId,
            ZeroFill = false,
        });
        MemberAssembly.TellWhatWasFound(start.Options, _log, start.Votes);
        _history = MessageHistory.Open(new HistoryOptions
        {
            Directory = MemberDirectories.History(start.Options.Directory),
            LogId = _log.LogId,
            MessagesPerSession = start.Options.HistoryMessagesPerSession,
            FirstSegmentBytes = 64 << 10,
        });
        _thread = new SimulatedThread(start.World, () => Turn(start), idleNs: 400_000);
        Driver = new MediaDriverLife { WakeMember = _thread.Wake };
        start.Options.Configuration.TryFind(Id, out ClusterMember? self);
        PeerIdentity identity = new(Id, self!.Kind, start.Options.Configuration.ClusterId, _log.LogId, 1, start.Options.SegmentBytes, "simulated");
        Transport = new SimulatedPeerTransport(start.Network, start.Box, identity, static id => id - 1, _thread.Wake) { Tamper = start.Tamper, Said = (to, message) => start.Said(this, to, message) };
        _flush = new SimulatedFlush(start.World, chance, _log, start.Options.Durability, _thread.Wake);
        _snapshots = new SimulatedSnapshots(start.World, chance, new SnapshotJob(start.Options, _log, _history), start.IsDamaged ? start.Options.Log : null, _thread.Wake);
        _traffic = MemberAssembly.Traffic(start.Options, _log, _history, Transport, inline: true);
        try
        {
            _node = NewNode(start);
        }
        catch (LogDamagedException)
        {
            _thread.End();
            _flush.Dispose();
            _snapshots.Dispose();
            _traffic.Dispose();
            _log.Abandon();
            _history.Abandon();
            throw;
        }

        _seen = start.IsDamaged ? CommitPosition : _log.StartPosition;
        start.Network.Join(start.Box, Transport);
    }

    public int Id { get; }

    public MediaDriverLife Driver { get; }

    public SimulatedPeerTransport Transport { get; }

    public SegmentedLog Log => _log;

    public MemberNode Node => _node;

    public RaftNode Raft => _node.Raft;

    public Durability Durability { get; }

    public SimulatedFlush Flush => _flush;

    public long Term => _node.Raft.Term;

    public bool IsLeader => _node.Raft.IsLeader;

    public bool IsServing => _node.IsServing;

    public bool IsRecovering => _node.Raft.IsRecovering;

    public long CommitPosition => _node.Raft.CommitPosition;

    public long AppliedPosition => _node.AppliedPosition;

    public bool IsStopped => _thread.IsStopped;

    public ExchangeCore? Core => (_node.Machine as IHasCore)?.Core ?? _node.Machine as ExchangeCore;

    /// <summary>How far the auditor has looked at this life's log.</summary>
    public ref long Seen => ref _seen;

    public void Wake() => _thread.Wake();

    /// <summary>An operator's command is appended as the leader's desk would.</summary>
    public void Append(byte[] command)
    {
        MemoryMarshal.AsRef<CommandHeader>(command.AsSpan()).LeadershipTerm = _node.Sequencer.Term;
        _node.Sequencer.Append(command);
        Wake();
    }

    public void Stop()
    {
        _thread.Stop();
        _flush.Stop();
    }

    public void Continue()
    {
        _thread.Continue();
        _flush.Continue();
    }

    /// <summary>The process is killed: nothing is flushed, nothing is said.</summary>
    public void Kill()
    {
        End();
        _log.Abandon();
        _history.Abandon();
    }

    /// <summary>The process stops in good order.</summary>
    public void Shutdown()
    {
        End();
        _log.Dispose();
        _history.Dispose();
    }

    private MemberNode NewNode(MemberStart start) => new(start.Options, new MemberParts
    {
        Log = _log,
        History = _history,
        State = MemberRecovery.Load(start.Options, _log, _history),
        Votes = start.Votes,
        Transport = Transport,
        Traffic = _traffic,
        Gateways = new SimulatedGatewayPort(Driver, start.Egress),
        Flush = _flush,
        Snapshots = _snapshots,
    });

    private int Turn(MemberStart start)
    {
        int work;
        try
        {
            work = _node.DoWork();
        }
        catch (Exception e) when (e is MemberReopenException or LogDamagedException && start.Ended(this, e))
        {
            _thread.End();
            return 0;
        }

        start.Turned(this);
        return work;
    }

    private void End()
    {
        _thread.End();
        _flush.Dispose();
        _snapshots.Dispose();
        _traffic.Dispose();
        Driver.Die();
        _node.Dispose();
        (_node.Machine as IDisposable)?.Dispose();
    }
}
