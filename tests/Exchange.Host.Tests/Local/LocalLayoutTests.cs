using Exchange.Cluster.Consensus;
using Exchange.Host.Configuration;
using Exchange.Host.Local;
using Exchange.Host.Processes;

namespace Exchange.Host.Tests.Local;

public sealed class LocalLayoutTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("exchange-layout-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Ports_that_do_not_exist_are_refused_before_anything_is_written()
    {
        HostException error = Assert.Throws<HostException>(() => Resolve(fixPort: 65535));
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
        Assert.Contains("at most 65534", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory));

        ClusterFile created = Resolve(fixPort: 65534)!;
        Assert.Equal(["127.0.0.1:65534", "127.0.0.1:65535", ""], created.Configuration.Members.Select(static m => m.FixAddress));
        string before = File.ReadAllText(ClusterFile.PathIn(_directory));
        Assert.Contains("at most 65534", Assert.Throws<HostException>(() => Resolve(fixPort: 65535)).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(ClusterFile.PathIn(_directory)));
        Assert.Equal("127.0.0.1:9001", Resolve(fixPort: 9000)!.Configuration.Members[1].FixAddress);
        Assert.Equal("127.0.0.1:9001", ClusterFile.Load(_directory).Configuration.Members[1].FixAddress);
    }

    [Fact]
    public void A_single_member_has_no_witness()
    {
        Directory.CreateDirectory(Exchange.Cluster.MemberDirectories.Log(StateDirectory.Member(_directory, 1)));
        Assert.Null(Resolve());
        Assert.Contains("--witness", Assert.Throws<HostException>(() => Resolve(witness: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gateway_and_a_member_are_told_when_the_cluster_has_no_such_engine()
    {
        ClusterFile file = Resolve(fixPort: 9000)!;
        int witness = file.Configuration.Members.Single(static m => m.Kind == MemberKind.Witness).Id;
        foreach (int id in (int[])[9, witness])
        {
            HostException refused = Assert.Throws<HostException>(() => GatewayProcess.Run(Gateway(id), CancellationToken.None));
            Assert.Contains($"no engine {id}", refused.Message, StringComparison.Ordinal);
            Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        }

        MemberProcess.Settings settings = new()
        {
            Directory = _directory,
            MemberId = witness,
            FixPort = 0,
            Durability = null,
            Idle = "backoff",
            SnapshotEveryBytes = 1 << 20,
            DayEnd = TimeOnly.MinValue,
            Cpu = -1,
        };
        Assert.Contains("serves no clients", Assert.Throws<HostException>(() => MemberProcess.Run(settings, CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gateway_beside_no_cluster_serves_member_1() =>
        Assert.Contains("--member 1", Assert.Throws<HostException>(() => GatewayProcess.Run(Gateway(9), CancellationToken.None)).Message, StringComparison.Ordinal);

    private GatewayProcess.Settings Gateway(int member) =>
        new() { Directory = _directory, MemberId = member, GatewayId = 1, Address = "127.0.0.1", FixPort = 0, Idle = "backoff", Cpu = -1 };

    private ClusterFile? Resolve(int? fixPort = null, bool? witness = null) =>
        LocalLayout.Resolve(new LocalOptions { Directory = _directory, FixPort = fixPort, Witness = witness });
}
