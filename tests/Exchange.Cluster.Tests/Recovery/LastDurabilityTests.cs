using System.Text;
using Exchange.Cluster.Consensus;
using Exchange.Cluster.Recovery;
using Exchange.Log;
using Exchange.Log.Segments;

namespace Exchange.Cluster.Tests.Recovery;

/// <summary>What a member believes after its host went down depends on how it ran before, through each change of durability and each crash.</summary>
public sealed class LastDurabilityTests : IDisposable
{
    private static readonly Guid Cluster = Guid.Parse("3f0c5d0e-3c5b-4f6a-9b64-0e2f5d7f8a11");
    private readonly string _directory = Directory.CreateTempSubdirectory("exchange-durability-").FullName;
    private readonly Votes _votes = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void With_fsync_a_member_votes_at_once_after_its_host_went_down()
    {
        Run(Durability.Fsync);
        LosePower();
        Assert.True(WillVote());
        Run(Durability.Fsync);
        Assert.False(_votes.Current.IsRecovering);
        LosePower();
        Run(Durability.Replicated);
        Assert.False(_votes.Current.IsRecovering);
    }

    [Fact]
    public void With_replicated_it_must_catch_up_first()
    {
        Run(Durability.Replicated);
        LosePower();
        Assert.False(WillVote());
        Run(Durability.Replicated);
        Assert.True(_votes.Current.IsRecovering);
    }

    [Fact]
    public void A_change_to_fsync_does_not_vouch_for_what_was_lost_before()
    {
        Run(Durability.Replicated);
        LosePower();
        Run(Durability.Fsync);
        Assert.True(_votes.Current.IsRecovering);
        LosePower();
        Run(Durability.Fsync);
        Assert.True(_votes.Current.IsRecovering);
    }

    [Fact]
    public void A_crash_before_the_change_to_fsync_is_complete_leaves_the_old_note()
    {
        Run(Durability.Replicated);
        LosePower();
        _votes.Fails = true;
        Assert.Throws<IOException>(() => Run(Durability.Fsync));
        _votes.Fails = false;
        LosePower();
        Run(Durability.Fsync);
        Assert.True(_votes.Current.IsRecovering);
    }

    [Fact]
    public void A_change_to_fsync_flushes_what_a_killed_process_had_acknowledged_from_memory()
    {
        Run(Durability.Replicated, log => Append(log, 10));
        Run(Durability.Fsync, log => Assert.Equal(log.AppendPosition, log.FlushedPosition));
        Assert.False(_votes.Current.IsRecovering);
    }

    [Fact]
    public void A_note_of_fsync_does_not_survive_a_run_in_replicated_mode()
    {
        Run(Durability.Fsync);
        Run(Durability.Replicated);
        Assert.False(LastDurability.WasFlushedFirst(_directory));
        LosePower();
        Run(Durability.Fsync);
        Assert.True(_votes.Current.IsRecovering);
    }

    [Fact]
    public void Without_a_note_the_worst_is_assumed()
    {
        Run(Durability.Fsync);
        File.Delete(MemberDirectories.LastDurability(_directory));
        LosePower();
        Assert.False(WillVote());
        Run(Durability.Fsync);
        Assert.True(_votes.Current.IsRecovering);
    }

    [Fact]
    public void A_member_that_is_alone_goes_on_with_what_there_is()
    {
        Run(Durability.Replicated);
        LosePower();
        List<string> said = [];
        MemberOptions options = Options(Durability.Fsync, null, said.Add);
        using SegmentedLog log = Open();
        MemberAssembly.TellWhatWasFound(options, log, _votes);
        Assert.False(_votes.Current.IsRecovering);
        Assert.False(log.PreviousShutdown.MayHaveLostEntries);
        Assert.Contains(said, static line => line.StartsWith("WARNING", StringComparison.Ordinal));
    }

    private static MemberOptions Options(Durability durability, ClusterConfiguration? configuration, Action<string> log, string directory) => new()
    {
        Directory = directory,
        AeronDirectory = directory,
        Durability = durability,
        Configuration = configuration,
        StateMachineFactory = static () => new EchoMachine(),
        Log = log,
    };

    private static void Append(SegmentedLog log, int entries)
    {
        for (int i = 0; i < entries; i++)
        {
            byte[] bytes = Encoding.ASCII.GetBytes("entry " + i);
            bytes.CopyTo(log.Claim(bytes.Length));
            log.Commit(1, 1, i);
        }
    }

    private MemberOptions Options(Durability durability, ClusterConfiguration? configuration, Action<string> log) => Options(durability, configuration, log, _directory);

    private SegmentedLog Open() => SegmentedLog.Open(new LogOptions { Directory = MemberDirectories.Log(_directory), SegmentBytes = 1 << 20, LogId = Cluster });

    // A life of the member's process that ends with a kill.
    private void Run(Durability durability, Action<SegmentedLog>? use = null)
    {
        ClusterConfiguration configuration = new(Cluster, [new ClusterMember(1, MemberKind.Engine, IsVoter: true, 0, string.Empty, string.Empty)]);
        using SegmentedLog log = Open();
        try
        {
            MemberAssembly.TellWhatWasFound(Options(durability, configuration, static _ => { }), log, _votes);
            use?.Invoke(log);
        }
        finally
        {
            log.Abandon();
        }
    }

    private void LosePower() => File.Delete(Path.Combine(MemberDirectories.Log(_directory), ShutdownMarker.FileName));

    // What the recovery of a whole cluster foretells.
    private bool WillVote()
    {
        FileVoteStore.Open(_directory, default).Save(_votes.Current);
        ClusterConfiguration configuration = new(Cluster, [new ClusterMember(1, MemberKind.Engine, IsVoter: true, 0, string.Empty, string.Empty)]);
        return !ClusterRecovery.IsNeeded(configuration, _ => _directory);
    }

    private sealed class Votes : IVoteStore
    {
        public VoteState Current { get; private set; } = new(7, 2, false);

        public bool Fails { get; set; }

        public void Save(in VoteState state) => Current = Fails ? throw new IOException("the device failed") : state;
    }
}
