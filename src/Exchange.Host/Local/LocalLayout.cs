// Which members an exchange on one box has. A directory keeps the members it was created with: cluster.yaml says who they are; a
// directory without one holds a single member, as every directory did before there were several.
using System.Globalization;
using System.Net;
using Exchange.Cluster;
using Exchange.Cluster.Consensus;
using Exchange.Host.Configuration;

namespace Exchange.Host.Local;

/// <summary>The members of the exchange that `exchange local` runs.</summary>
internal static class LocalLayout
{
    /// <summary>FIX port of the first gateway.</summary>
    public const int DefaultFixPort = 9880;

    /// <summary>Members of a new directory.</summary>
    public const int DefaultMembers = 3;

    private const string Loopback = "127.0.0.1";

    /// <summary>Reads or creates the cluster file; null for a single member without one.</summary>
    /// <exception cref="HostException">The options contradict what the directory holds.</exception>
    public static ClusterFile? Resolve(LocalOptions options)
    {
        if (ClusterFile.ExistsIn(options.Directory))
        {
            return WithPorts(Checked(ClusterFile.Load(options.Directory), options), options);
        }

        int members = options.Members ?? (IsSingle(options.Directory) ? 1 : DefaultMembers);
        if (members == 1)
        {
            return options.Witness is not true
                ? null
                : throw new HostException($"--witness is for a cluster, but {options.Directory} holds a single member; leave the option out or choose another --dir", ExitCode.BadInput);
        }

        if (IsSingle(options.Directory))
        {
            throw new HostException($"{options.Directory} holds the log of a single member; start it with --members 1, or choose another directory with --dir", ExitCode.BadInput);
        }

        IReadOnlyList<ClusterMember> created = Members(members, options.Witness ?? members == DefaultMembers, options.FixPort ?? DefaultFixPort);

        // Before the file, so that no crash in between leaves members that wait for others to tell them what they lost.
        File.WriteAllText(StateDirectory.CreationMark(options.Directory), string.Empty);
        return ClusterFile.Create(options.Directory, created);
    }

    /// <summary>The members of a new cluster on this box; ids and priorities in the order of their FIX ports.</summary>
    /// <exception cref="HostException">There are not so many ports from the first one on.</exception>
    public static IReadOnlyList<ClusterMember> Members(int count, bool witness, int fixPort)
    {
        int engines = witness ? count - 1 : count;
        CheckPorts(fixPort, engines);
        int[] free = FreePorts.Take(count + (fixPort == 0 ? engines : 0));
        List<ClusterMember> members = [];
        for (int i = 0; i < count; i++)
        {
            bool isEngine = i < engines;
            string fix = isEngine ? Address(fixPort == 0 ? free[count + i] : fixPort + i) : string.Empty;
            members.Add(new ClusterMember(i + 1, isEngine ? MemberKind.Engine : MemberKind.Witness, IsVoter: true, i, Address(free[i]), fix));
        }

        return members;
    }

    /// <summary>Whether the directory holds a single member's log.</summary>
    private static bool IsSingle(string directory) => Directory.Exists(MemberDirectories.Log(StateDirectory.Member(directory, 1)));

    private static ClusterFile Checked(ClusterFile file, LocalOptions options)
    {
        int count = file.Configuration.Members.Count;
        if (options.Members is { } wanted && wanted != count)
        {
            throw new HostException($"--members is {wanted}, but {options.Directory} holds a cluster of {count}; leave the option out, choose another --dir, or change the members with exchange ctl member", ExitCode.BadInput);
        }

        bool hasWitness = file.Configuration.Members.Any(static m => m.Kind == MemberKind.Witness);
        return options.Witness is { } witness && witness != hasWitness
            ? throw new HostException($"{options.Directory} holds a cluster {(hasWitness ? "with" : "without")} a witness; leave the option out or choose another --dir", ExitCode.BadInput)
            : file;
    }

    /// <summary>A FIX port that was asked for replaces what the file has.</summary>
    private static ClusterFile WithPorts(ClusterFile file, LocalOptions options)
    {
        if (options.FixPort is not { } port || port == 0)
        {
            return file;
        }

        ClusterConfiguration configuration = file.Configuration;
        List<ClusterMember> engines = [.. configuration.Members.Where(static m => m.Kind == MemberKind.Engine)];
        CheckPorts(port, engines.Count);
        foreach (ClusterMember engine in engines)
        {
            configuration = configuration.With(engine with { FixAddress = Address(port++) });
        }

        if (configuration.Members.SequenceEqual(file.Configuration.Members))
        {
            return file;
        }

        ClusterFile moved = file with { Configuration = configuration };
        moved.Save(options.Directory);
        return moved;
    }

    private static void CheckPorts(int first, int count)
    {
        if (first + count - 1 > IPEndPoint.MaxPort)
        {
            throw new HostException($"--fix-port {first}: {count} gateways take a port each from there on, so it is at most {IPEndPoint.MaxPort - count + 1}", ExitCode.BadInput);
        }
    }

    private static string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"{Loopback}:{port}");
}
