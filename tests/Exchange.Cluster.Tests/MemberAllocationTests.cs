namespace Exchange.Cluster.Tests;

/// <summary>What a member does all day must not make garbage: a collection stops every thread of its process.</summary>
public sealed class MemberAllocationTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("exchange-member-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Keeping_house_allocates_nothing()
    {
        using Member member = Member.Open(new MemberOptions
        {
            Directory = Path.Combine(_directory, "member"),
            AeronDirectory = Path.Combine(_directory, "aeron"),
            Durability = Durability.Replicated,
            StateMachineFactory = static () => new EchoMachine(),
            SegmentBytes = 1 << 20,
            Time = new SteppedTime(),
        });
        Run(member, 3000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(member, 3000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Run(Member member, int turns)
    {
        for (int i = 0; i < turns; i++)
        {
            member.Agent.DoWork();
        }
    }

    /// <summary>A clock of which each look is half a millisecond later than the one before.</summary>
    private sealed class SteppedTime : TimeProvider
    {
        private long _ns = 1_000_000_000;

        public override long TimestampFrequency => 1_000_000_000;

        public override long GetTimestamp() => _ns += 500_000;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(_ns / 100);
    }
}
