using Exchange.Cluster.Consensus;
using Exchange.Host.Configuration;

namespace Exchange.Host.Tests.Configuration;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ClusterFileTests : IDisposable
{
    private const string Id = "cluster: 5f0c0f5e-9d0b-4c39-8a1c-3f5a7f0d3c11\n";
    private readonly string _directory = Directory.CreateTempSubdirectory("exchange-cluster-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void The_file_of_the_documentation_is_read()
    {
        ClusterFile file = ClusterFile.Parse(
            "f.yaml",
            Id + """
            heartbeat-ms: 20
            election-timeout-ms: 200
            durability: fsync
            members:
              - { id: 2, kind: engine, peer: "box-b:9100", fix: "box-b:9000", priority: 1 }
              - { id: 1, peer: "10.0.0.1:9100", fix: "10.0.0.1:9000" }
              - { id: 3, kind: witness, peer: "[::1]:9100" }
            """);
        Assert.Equal(20, file.HeartbeatMs);
        Assert.Equal(200, file.ElectionTimeoutMs);
        Assert.Equal(Exchange.Cluster.Durability.Fsync, file.Durability);
        Assert.Equal(
            [
                new ClusterMember(1, MemberKind.Engine, true, 0, "10.0.0.1:9100", "10.0.0.1:9000"),
                new ClusterMember(2, MemberKind.Engine, true, 1, "box-b:9100", "box-b:9000"),
                new ClusterMember(3, MemberKind.Witness, true, 0, "[::1]:9100", ""),
            ],
            file.Configuration.Members);
    }

    [Fact]
    public void A_new_cluster_is_written_so_that_it_reads_the_same_and_nobody_else_may_read_its_key()
    {
        ClusterMember[] members =
        [
            new(1, MemberKind.Engine, true, 0, "127.0.0.1:9100", "127.0.0.1:9000"),
            new(2, MemberKind.Engine, true, 1, "127.0.0.1:9101", "127.0.0.1:9001"),
            new(3, MemberKind.Witness, true, 0, "127.0.0.1:9102", ""),
        ];
        ClusterFile created = ClusterFile.Create(_directory, members);
        ClusterFile read = ClusterFile.Load(_directory);
        Assert.Equal(created.ClusterId, read.ClusterId);
        Assert.Equal(members, read.Configuration.Members);
        Assert.Null(read.HeartbeatMs);
        Assert.Null(read.Durability);
        Assert.Equal(32, ClusterKey.Load(_directory).Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(ClusterKey.PathIn(_directory)));
        Assert.Contains("there is a cluster already", Assert.Throws<HostException>(() => ClusterFile.Create(_directory, members)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("members:\n  - { id: 1, peer: a:1, fix: a:2 }", "field cluster: is missing")]
    [InlineData("cluster: x\nmembers:\n  - { id: 1, peer: a:1, fix: a:2 }", "f.yaml line 1: field cluster: must be a GUID")]
    [InlineData(Id + "colour: red\nmembers:\n  - { id: 1 }", "f.yaml line 2: field colour: is not known here; allowed at the top are members, cluster, heartbeat-ms, election-timeout-ms, durability")]
    [InlineData(Id + "heartbeat-ms: 0\nmembers:\n  - { id: 1, peer: a:1, fix: a:2 }", "f.yaml line 2: field heartbeat-ms: '0' must be a whole number from 1 to 10000")]
    [InlineData(Id + "heartbeat-ms: 20\nelection-timeout-ms: 50\nmembers:\n  - { id: 1, peer: a:1, fix: a:2 }", "f.yaml line 3: field election-timeout-ms: '50' must be at least three times")]
    [InlineData(Id + "heartbeat-ms: 67\nmembers:\n  - { id: 1, peer: a:1, fix: a:2 }", "f.yaml line 2: field heartbeat-ms: '67' must be at most a third of election-timeout-ms (200 unless given)")]
    [InlineData(Id + "election-timeout-ms: 59\nmembers:\n  - { id: 1, peer: a:1, fix: a:2 }", "f.yaml line 2: field election-timeout-ms: '59' must be at least three times heartbeat-ms (20)")]
    [InlineData(Id + "durability: memory\nmembers:\n  - { id: 1, peer: a:1, fix: a:2 }", "f.yaml line 2: field durability: 'memory' must be one of replicated, fsync")]
    [InlineData(Id + "members:\n  - { peer: a:1, fix: a:2 }", "f.yaml line 3: field id: is missing")]
    [InlineData(Id + "members:\n  - { id: 0, peer: a:1, fix: a:2 }", "f.yaml line 3: field id: '0' must be a whole number from 1 to 255")]
    [InlineData(Id + "members:\n  - { id: 1, kind: king, peer: a:1, fix: a:2 }", "f.yaml line 3: field kind: 'king' must be one of engine, witness")]
    [InlineData(Id + "members:\n  - { id: 1, fix: a:2 }", "f.yaml line 3: field peer: is missing")]
    [InlineData(Id + "members:\n  - { id: 1, peer: a, fix: a:2 }", "f.yaml line 3: field peer: 'a' must be HOST:PORT")]
    [InlineData(Id + "members:\n  - { id: 1, peer: a:70000, fix: a:2 }", "f.yaml line 3: field peer: 'a:70000' must be HOST:PORT")]
    [InlineData(Id + "members:\n  - { id: 1, peer: a:1 }", "f.yaml line 3: field fix: is missing")]
    [InlineData(Id + "members:\n  - { id: 1, kind: witness, peer: a:1, fix: a:2 }", "f.yaml line 3: field fix: must be left out for a witness")]
    [InlineData(Id + "members:\n  - { id: 1, peer: a:1, fix: a:2 }\n  - { id: 1, peer: a:3, fix: a:4 }", "f.yaml line 4: field id: '1' is given twice")]
    [InlineData(Id + "members:\n  - { id: 1, peer: a:1, fix: a:2 }\n  - { id: 2, peer: a:1, fix: a:4 }", "f.yaml line 4: field peer: 'a:1' is the address of member 1 already")]
    [InlineData(Id + "members:\n  - { id: 1, kind: witness, peer: a:1 }", "a cluster needs at least one engine that votes")]
    [InlineData(Id + "cluster: [1]\nmembers: []", "is not valid YAML")]
    [InlineData("cluster: [1]\nmembers: []", "f.yaml line 1: field cluster: must be a single value")]
    [InlineData("", "must hold one document with the key 'members'")]
    public void A_mistake_is_one_line_with_file_line_field_and_what_is_allowed(string text, string expected)
    {
        HostException error = Assert.Throws<HostException>(() => ClusterFile.Parse("f.yaml", text));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
    }

    [Theory]
    [InlineData("", 200, 20)]
    [InlineData("heartbeat-ms: 66\n", 200, 66)]
    [InlineData("election-timeout-ms: 60\n", 60, 20)]
    public void Times_that_are_left_out_are_those_of_consensus(string lines, int electionMs, int heartbeatMs)
    {
        ClusterFile file = ClusterFile.Parse("f.yaml", Id + lines + "members:\n  - { id: 1, peer: a:1, fix: a:2 }");
        Assert.Equal((electionMs * 1_000_000L, heartbeatMs * 1_000_000L), (file.ElectionTimeoutNs, file.HeartbeatNs));
        new RaftOptions { Id = 1, Seed = 1, ElectionTimeoutNs = file.ElectionTimeoutNs, HeartbeatNs = file.HeartbeatNs }.Validate();
    }

    [Fact]
    public void What_could_not_be_read_again_is_not_written()
    {
        ClusterFile.Create(_directory, [new ClusterMember(1, MemberKind.Engine, true, 0, "127.0.0.1:9100", "127.0.0.1:9000")]);
        ClusterFile file = ClusterFile.Load(_directory);
        ClusterFile broken = file with { Configuration = file.Configuration.With(new ClusterMember(2, MemberKind.Engine, true, 1, "::1:9100", "127.0.0.1:65536")) };
        Assert.Contains("field peer", Assert.Throws<HostException>(() => broken.Save(_directory)).Message, StringComparison.Ordinal);
        Assert.Equal(file.Configuration.Members, ClusterFile.Load(_directory).Configuration.Members);
    }

    [Theory]
    [InlineData("", UnixFileMode.UserRead, "must hold 64 hexadecimal digits")]
    [InlineData("0123", UnixFileMode.UserRead, "must hold 64 hexadecimal digits")]
    [InlineData("zz23456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", UnixFileMode.UserRead, "must hold 64 hexadecimal digits")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", UnixFileMode.UserRead | UnixFileMode.GroupRead, "run chmod 600 on it")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", UnixFileMode.UserRead | UnixFileMode.OtherRead, "run chmod 600 on it")]
    public void A_key_that_is_none_or_that_others_may_read_is_refused(string text, UnixFileMode mode, string expected)
    {
        File.WriteAllText(ClusterKey.PathIn(_directory), text);
        File.SetUnixFileMode(ClusterKey.PathIn(_directory), mode);
        HostException error = Assert.Throws<HostException>(() => ClusterKey.Load(_directory));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
    }

    [Fact]
    public void What_is_missing_is_named_with_the_remedy()
    {
        Assert.Contains("cluster.yaml: no such file", Assert.Throws<HostException>(() => ClusterFile.Load(_directory)).Message, StringComparison.Ordinal);
        Assert.Contains("cluster.key: no such file", Assert.Throws<HostException>(() => ClusterKey.Load(_directory)).Message, StringComparison.Ordinal);
    }
}
