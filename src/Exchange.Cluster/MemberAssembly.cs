using System.Net;
using Exchange.Cluster.Consensus;
using Exchange.Cluster.Egress;
using Exchange.Cluster.Gateways;
using Exchange.Cluster.Peers;
using Exchange.Cluster.Recovery;
using Exchange.Cluster.Snapshots;
using Exchange.Cluster.Transfer;
using Exchange.Log;
using Exchange.Log.History;
using Exchange.Log.Snapshots;

namespace Exchange.Cluster;

/// <summary>Opens what a real member is attached to.</summary>
internal static class MemberAssembly
{
    private const int ProtocolVersion = 1;

    /// <summary>Opens everything, or nothing.</summary>
    public static MemberParts Open(MemberOptions options)
    {
        // What must be given back when a later part cannot be opened, the last first.
        Stack<IDisposable> opened = new();
        try
        {
            FileVoteStore votes = FileVoteStore.Open(options.Directory, new VoteState(0, 0, IsRecovering: options.Configuration is not null && !options.IsNewCluster));
            PrepareDirectory(options, votes);
            SegmentedLog log = Keep(opened, SegmentedLog.Open(new LogOptions
            {
                Directory = MemberDirectories.Log(options.Directory),
                SegmentBytes = options.SegmentBytes,
                LogId = options.Configuration?.ClusterId,
            }));
            TellWhatWasFound(options, log, votes);
            MessageHistory history = Keep(opened, MessageHistory.Open(new HistoryOptions
            {
                Directory = MemberDirectories.History(options.Directory),
                LogId = log.LogId,
                MessagesPerSession = options.HistoryMessagesPerSession,
            }));
            RecoveredState state = MemberRecovery.Load(options, log, history);
            TimeSpan pause = options.Durability == Durability.Fsync ? TimeSpan.Zero : TimeSpan.FromMilliseconds(options.FlushBehindMs);
            IPeerTransport transport = Keep(opened, Transport(options, log));
            PeerPoller? waker = options.Durability == Durability.Fsync ? PollerOf(transport) : null;
            return new MemberParts
            {
                Log = log,
                History = history,
                State = state,
                Votes = votes,
                Transport = transport,
                Traffic = Keep(opened, Traffic(options, log, history, transport, inline: false)),
                Gateways = Keep(opened, new AeronGatewayPort(options.AeronDirectory)),
                Flush = Keep(opened, new LogFlushThread(log, pause, waker is null ? null : waker.Wake)),
                Snapshots = new SnapshotTaker(new SnapshotJob(options, log, history), options.Log),
            };
        }
        catch
        {
            while (opened.TryPop(out IDisposable? part))
            {
                part.Dispose();
            }

            throw;
        }
    }

    /// <summary>What the thread of a member with this transport sleeps on; null when it cannot be woken.</summary>
    public static PeerPoller? PollerOf(IPeerTransport transport) => transport switch
    {
        TcpPeerTransport tcp => tcp.Poller,
        NoPeers alone => alone.Poller,
        OperatorPort alone => alone.Poller,
        _ => null,
    };

    /// <summary>The configuration in force where the member starts: what its snapshot says, or what it was in last, or what it begins with.</summary>
    public static ClusterConfiguration? Configuration(MemberOptions options, HistoryMarks marks)
    {
        if (options.Configuration is null)
        {
            return null;
        }

        if (marks.Members.Length > 0)
        {
            return ConfigurationCodec.TryDecode(marks.Members, out ClusterConfiguration? inSnapshot)
                ? inSnapshot
                : throw new InvalidDataException($"the snapshot in {options.Directory} says who the members are, but cannot be read; rebuild this member from its cluster");
        }

        return ConfigurationFile.TryLoad(options.Directory, out ClusterConfiguration? last) ? last : options.Configuration;
    }

    /// <summary>What an operator asked for, and what a peer has sent, takes its place before anything is opened.</summary>
    public static void PrepareDirectory(MemberOptions options, IVoteStore votes)
    {
        if (options.Configuration is not { } configuration)
        {
            return;
        }

        MemberRebuild.Run(options.Directory, votes, options.Log);
        try
        {
            SnapshotInstaller.Run(options.Directory, configuration.ClusterId, options.SegmentBytes, options.Log);
        }
        catch (LogDamagedException e)
        {
            options.Log($"WARNING: the snapshot that had arrived is damaged and is not used: {e.Message}");
        }
    }

    /// <summary>Makes what moves snapshots; a simulation has everything done at once, on the caller's thread.</summary>
    public static SnapshotTraffic Traffic(MemberOptions options, SegmentedLog log, MessageHistory history, IPeerTransport transport, bool inline)
    {
        SnapshotStore store = new(MemberDirectories.Snapshots(options.Directory), log.LogId, options.Log);
        bool isWitness = options.Configuration is { } configuration && configuration.TryFind(options.Id, out ClusterMember? self) && self.Kind == MemberKind.Witness;
        SnapshotSender sender = new(transport, store, isWitness ? null : history, options.Log);
        SnapshotReceiver receiver = new(
            new SnapshotReceiverOptions
            {
                MemberDirectory = options.Directory,
                LogId = log.LogId,
                KeepsForOthers = isWitness,
                SnapshotsKept = options.SnapshotsKept,
                HistoryMessagesPerSession = options.HistoryMessagesPerSession,
                FinishInline = inline,
                Log = options.Log,
            },
            transport);
        return new SnapshotTraffic(options, log, sender, receiver);
    }

    private static T Keep<T>(Stack<IDisposable> opened, T part)
        where T : IDisposable
    {
        opened.Push(part);
        return part;
    }

    private static IPeerTransport Transport(MemberOptions options, SegmentedLog log)
    {
        if (options.Configuration is not { } configuration)
        {
            return options.OperatorEndPoint is not { } operators ? new NoPeers() : new OperatorPort(new TcpPeerOptions
            {
                Identity = new PeerIdentity(options.Id, MemberKind.Engine, log.LogId, log.LogId, ProtocolVersion, options.SegmentBytes, options.Release),
                Key = options.ClusterKey,
                ListenEndPoint = operators,
                Log = options.Log,
            });
        }

        if (!configuration.TryFind(options.Id, out ClusterMember? self))
        {
            throw new MemberFailedException($"member {options.Id} is not in the cluster's configuration; add it there");
        }

        return new TcpPeerTransport(new TcpPeerOptions
        {
            Identity = new PeerIdentity(options.Id, self.Kind, configuration.ClusterId, log.LogId, ProtocolVersion, options.SegmentBytes, options.Release),
            Key = options.ClusterKey,
            ListenEndPoint = PeerAddress.TryResolve(self.PeerAddress, out IPEndPoint? listen, out string? error) ? listen : throw new MemberFailedException(error),
            Log = options.Log,
        });
    }

    /// <summary>Says what the log's opening has found, decides whether the member may vote, and notes how it runs from now on.</summary>
    internal static void TellWhatWasFound(MemberOptions options, SegmentedLog log, IVoteStore votes)
    {
        if (log.Recovery.TornBytes > 0)
        {
            options.Log($"the log ended in {log.Recovery.TornBytes} bytes of an entry that was never complete, so never acknowledged; they were cut");
        }

        bool flushedFirst = LastDurability.WasFlushedFirst(options.Directory);
        if (log.PreviousShutdown.MayHaveLostEntries && !votes.Current.IsRecovering)
        {
            JudgeLoss(options, log, votes, flushedFirst);
        }

        // Last of all: only when it is durable that this member is recovering, or that everything is on the device, may the note say that
        // the device has everything; and nothing is acknowledged without a flush before the note says that it may not.
        if (options.Durability == Durability.Fsync && !flushedFirst)
        {
            log.Flush();
        }

        LastDurability.Note(options.Directory, options.Durability);
    }

    private static void JudgeLoss(MemberOptions options, SegmentedLog log, IVoteStore votes, bool flushedFirst)
    {
        if (flushedFirst)
        {
            // Whatever this member acknowledged was on the device before; what a power cut took had been promised to nobody.
            options.Log("the host went down without a clean stop; with durability fsync nothing that was acknowledged can be missing");
            log.ResolveLoss();
        }
        else if (options.Configuration is null)
        {
            // A single member has nobody to catch up from: all it can do is to say so, once, and go on with what there is.
            options.Log(
                "WARNING: the host went down without a clean stop. With --durability replicated the last commands before that may be missing from the log; "
                + "compare with the clients' records");
            log.ResolveLoss();
        }
        else
        {
            options.Log("WARNING: the host went down without a clean stop, so the log's last entries may be missing: this member neither votes nor acknowledges until it has caught up");

            // The entry that told of other voters may be among those missing; the note beside the log is not, and then somebody can be asked.
            bool hasOthers = ConfigurationFile.TryLoad(options.Directory, out ClusterConfiguration? noted) && noted.Members.Any(m => m.IsVoter && m.Id != options.Id);
            votes.Save(votes.Current with { VotedFor = hasOthers ? 0 : votes.Current.VotedFor, IsRecovering = true });
        }
    }
}
