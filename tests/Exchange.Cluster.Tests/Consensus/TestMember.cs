using Exchange.Cluster.Consensus;
using Exchange.Log;

namespace Exchange.Cluster.Tests.Consensus;

/// <summary>A member of a test: consensus on a real log, with a host that reads what is committed and compares it with what others read.</summary>
internal sealed class TestMember : IRaftHost, IDisposable
{
    private readonly TestCluster _cluster;
    private readonly string _directory;
    private LogReader? _reader;
    private int _life;

    public TestMember(TestCluster cluster, int id, string directory)
    {
        _cluster = cluster;
        Id = id;
        _directory = directory;
        Transport = new TestTransport(cluster.Network, id);
    }

    public int Id { get; }

    public TestTransport Transport { get; }

    public MemoryVoteStore Votes { get; private set; } = new();

    public RaftNode Raft { get; private set; } = null!;

    public SegmentedLog Log { get; private set; } = null!;

    public bool IsUp { get; private set; }

    /// <summary>A paused member neither runs nor receives; what is sent to it waits.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Why this member may not lead; empty when it may.</summary>
    public string LeadRefusal { get; set; } = "";

    public List<string> Losses { get; } = [];

    public int ConfigurationCalls { get; private set; }

    public long Truncations { get; private set; }

    public bool IsLeader => IsUp && Raft.IsLeader;

    public void Start()
    {
        _life++;
        Log = SegmentedLog.Open(new LogOptions
        {
            Directory = _directory,
            SegmentBytes = LogOptions.SegmentBytesMin,
            ZeroFill = false,
            LogId = _cluster.Initial.ClusterId,
            StartPosition = _cluster.StartPositionOf(Id),
        });
        StartConsensus();
    }

    /// <summary>Ends as a killed process does: the pages stay with the kernel.</summary>
    public void Kill()
    {
        IsUp = false;
        IsPaused = false;
        Raft.Dispose();
        _reader?.Dispose();
        Log.Abandon();
        _cluster.Network.Forget(Id);
    }

    /// <summary>Starts after the host lost its power: what was not flushed is gone.</summary>
    public void StartAfterPowerCut(long flushed, bool isRecovering)
    {
        _life++;
        Log = SegmentedLog.Open(new LogOptions { Directory = _directory, SegmentBytes = LogOptions.SegmentBytesMin, ZeroFill = false });
        Log.TruncateAfter(Math.Max(flushed, Log.StartPosition));
        Votes.Save(Votes.Current with { IsRecovering = isRecovering || Votes.Current.IsRecovering });
        StartConsensus();
    }

    /// <summary>Starts on an empty disk.</summary>
    public void StartBlank()
    {
        Directory.Delete(_directory, recursive: true);
        Votes = new MemoryVoteStore();
        Votes.Save(new VoteState(0, 0, IsRecovering: true));
        Start();
    }

    /// <summary>Appends as the leader's host.</summary>
    public long Append(int length, long value)
    {
        Span<byte> payload = Log.Claim(Math.Max(length, sizeof(long)));
        payload.Fill((byte)value);
        BitConverter.TryWriteBytes(payload, value);
        return Log.Commit(LogEntryTypes.Command, Raft.Term, _cluster.Network.NowNs);
    }

    public void DoWork()
    {
        Raft.AppliedPosition = _reader!.Position;
        Raft.WallClockNs = _cluster.Network.NowNs + (Id * 1_000);
        Raft.DoWork(_cluster.Network.NowNs);
        ReadCommitted();
    }

    public void ReadCommitted()
    {
        while (_reader!.Position < Raft.CommitPosition && _reader.TryRead(out LogEntry entry))
        {
            _cluster.Committed.Check(Id, entry);
        }
    }

    public void OnBecameLeader(long term)
    {
        _cluster.LeaderElected(this, term);
        Log.Append("term"u8, LogEntryTypes.Notice, term, _cluster.Network.NowNs);
    }

    public void OnLeadershipLost(long term, string reason) => Losses.Add(reason);

    public void OnTruncating(long position)
    {
        Assert.True(position >= _reader!.Position, $"member {Id} truncates to {position} what it has applied up to {_reader.Position}");
        Truncations++;
    }

    public void OnConfigurationChanged(ClusterConfiguration configuration) => ConfigurationCalls++;

    public bool MayLead(out string reason)
    {
        reason = LeadRefusal;
        return reason.Length == 0;
    }

    public void Dispose()
    {
        if (IsUp)
        {
            Raft.Dispose();
            _reader?.Dispose();
            Log.Abandon();
            IsUp = false;
        }
    }

    private void StartConsensus()
    {
        IsUp = true;
        RaftOptions options = _cluster.OptionsOf(Id, (Id * 1_000_003) + _life + _cluster.Seed);
        Raft = new RaftNode(options, _cluster.Initial, Votes, Log, Log.StartPosition, 0, Transport, this, _cluster.Network.NowNs);
        _reader = Log.OpenReader(Log.StartPosition);
    }
}
