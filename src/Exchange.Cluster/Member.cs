using Exchange.Cluster.Ingress;
using Exchange.Cluster.Recovery;
using Exchange.Cluster.Snapshots;
using Exchange.Ipc.Agents;
using Exchange.Ipc.Client;
using Exchange.Ipc.Driver;
using Exchange.Log;
using Exchange.Log.History;
using Exchange.Protocol.Commands;

namespace Exchange.Cluster;

/// <summary>
/// One member with everything it owns: the log and its flusher, snapshots, outbound history, the state machine, the media driver, and
/// the agent that a thread has to run.
/// </summary>
public sealed class Member : IDisposable
{
    private readonly MemberOptions _options;
    private readonly SegmentedLog _log;
    private readonly MessageHistory _history;
    private readonly LogFlusher _flusher;
    private readonly MediaDriver _driver;
    private readonly Aeron _aeron;
    private readonly MemberAgent _agent;
    private readonly SnapshotTaker _snapshots;

    private Member(MemberOptions options, SegmentedLog log, MessageHistory history, RecoveredState state)
    {
        _options = options;
        _log = log;
        _history = history;
        Directory.CreateDirectory(options.AeronDirectory);
        _driver = MediaDriver.Launch(new MediaDriverContext { AeronDirectory = options.AeronDirectory });
        _aeron = Aeron.Connect(new AeronContext { AeronDirectory = options.AeronDirectory });
        TimeSpan pause = options.Durability == Durability.Fsync ? TimeSpan.Zero : TimeSpan.FromMilliseconds(options.FlushBehindMs);
        _flusher = new LogFlusher(log, TimeSpan.Zero, pause);
        Term = state.LastTerm + 1;
        LogClock clock = new(options.Time, state.LastLogTimeNs);
        IngressSequencer sequencer = new(log, clock, state.Links, Term);
        _agent = new MemberAgent(options, _aeron, log, _flusher, state.Machine, state.Egress, sequencer, state.Links, clock, state.Position);
        sequencer.Append(CommandType.TermStarted);
        WasEmpty = state.IsEmpty;
        if (WasEmpty)
        {
            foreach (byte[] command in options.Seed)
            {
                sequencer.Append(command);
            }
        }

        _agent.ApplyAll();
        _snapshots = new SnapshotTaker(options, log, history, () => _agent.AppliedPosition, state.SnapshotPosition);
    }

    /// <summary>What a thread has to run.</summary>
    public IAgent Agent => _agent;

    /// <summary>The leadership term.</summary>
    public long Term { get; }

    /// <summary>Whether the log was empty and has been seeded by this start.</summary>
    public bool WasEmpty { get; }

    /// <summary>Position behind the last command applied.</summary>
    public long AppliedPosition => _agent.AppliedPosition;

    /// <summary>Recovers the member from its directory and makes it ready for gateways.</summary>
    public static Member Open(MemberOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        SegmentedLog log = SegmentedLog.Open(new LogOptions { Directory = MemberDirectories.Log(options.Directory), SegmentBytes = options.SegmentBytes });
        TellWhatWasFound(options, log);
        MessageHistory? history = null;
        try
        {
            history = MessageHistory.Open(new HistoryOptions { Directory = MemberDirectories.History(options.Directory), LogId = log.LogId, MessagesPerSession = options.HistoryMessagesPerSession });
            RecoveredState state = MemberRecovery.Recover(options, log, history);
            return new Member(options, log, history, state);
        }
        catch
        {
            history?.Dispose();
            log.Dispose();
            throw;
        }
    }

    private static void TellWhatWasFound(MemberOptions options, SegmentedLog log)
    {
        if (log.Recovery.TornBytes > 0)
        {
            options.Log($"the log ended in {log.Recovery.TornBytes} bytes of an entry that was never complete, so never acknowledged; they were cut");
        }

        if (log.PreviousShutdown.MayHaveLostEntries)
        {
            // A single member has nobody to catch up from: all it can do is to say so, once, and go on with what there is.
            options.Log(
                "WARNING: the host went down without a clean stop. With --durability replicated the last commands before that may be missing from the log; "
                + "compare with the clients' records");
            log.ResolveLoss();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _snapshots.Dispose();
        _flusher.Dispose();
        _aeron.Dispose();
        _driver.Dispose();
        _history.Dispose();
        _log.Dispose();
        _options.Log($"stopped at position {_agent.AppliedPosition}");
    }
}
