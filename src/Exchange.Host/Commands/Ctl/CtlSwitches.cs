using System.CommandLine;
using Exchange.Host.Configuration;
using Exchange.Host.Operations;

namespace Exchange.Host.Commands.Ctl;

/// <summary>Where the members are and how answers are written: the options of every verb of `exchange ctl`.</summary>
internal static class CtlSwitches
{
    /// <summary>Directory with cluster.yaml and cluster.key.</summary>
    public static Option<string> Directory { get; } = new("--dir")
    {
        Description = "Directory with cluster.yaml and cluster.key.",
        DefaultValueFactory = static _ => StateDirectory.Default,
        Recursive = true,
    };

    /// <summary>Addresses instead of the directory's.</summary>
    public static Option<string[]> Connect { get; } = new("--connect")
    {
        Description = "HOST:PORT of members (their peer addresses), instead of those in cluster.yaml; several separated by commas.",
        AllowMultipleArgumentsPerToken = true,
        Recursive = true,
    };

    /// <summary>Key file instead of the directory's.</summary>
    public static Option<string?> Key { get; } = new("--key") { Description = "File with the cluster's key (default: DIR/cluster.key).", Recursive = true };

    /// <summary>Answers for programs.</summary>
    public static Option<bool> Json { get; } = new("--json") { Description = "Write the answer as one JSON object; progress goes to standard error.", Recursive = true };

    /// <summary>The operator of the cluster that the options name.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="mayBeAlone">A member without a cluster will do.</param>
    /// <exception cref="HostException">There is none, or its key cannot be read.</exception>
    public static ClusterOperator Operator(ParseResult parsed, bool mayBeAlone = false)
    {
        string directory = DirectoryOf(parsed);
        string[] addresses = [.. Client.HostAddress.Split(parsed.GetValue(Connect) ?? [])];
        string? key = parsed.GetValue(Key);
        if (addresses.Length == 0)
        {
            if (mayBeAlone && !ClusterFile.ExistsIn(directory) && File.Exists(StateDirectory.OperatorAddress(directory)))
            {
                OperatorMember alone = new(1, "engine", File.ReadAllText(StateDirectory.OperatorAddress(directory)), string.Empty);
                return new ClusterOperator(new OperatorAccess(key is null ? ClusterKey.Load(directory) : ClusterKey.LoadFile(key)), [alone]);
            }

            if (mayBeAlone)
            {
                RequireMembers(directory);
            }
            else
            {
                RequireCluster(directory);
            }

            ClusterFile file = ClusterFile.Load(directory);
            return key is null
                ? OperatorAccess.ForDirectory(directory, file)
                : new ClusterOperator(new OperatorAccess(ClusterKey.LoadFile(key)), OperatorAccess.ForDirectory(directory, file).Members);
        }

        foreach (string address in addresses)
        {
            _ = Client.HostAddress.Parse(address);
        }

        byte[] secret = key is null ? ClusterKey.Load(directory) : ClusterKey.LoadFile(key);
        return new ClusterOperator(new OperatorAccess(secret), [.. addresses.Select(static a => new OperatorMember(0, string.Empty, a, string.Empty))]);
    }

    /// <summary>The state directory, in full.</summary>
    public static string DirectoryOf(ParseResult parsed) => Path.GetFullPath(parsed.GetValue(Directory)!);

    /// <summary>Demands that a directory is that of a cluster.</summary>
    public static void RequireCluster(string directory)
    {
        if (!ClusterFile.ExistsIn(directory))
        {
            throw System.IO.Directory.Exists(StateDirectory.Member(directory, 1))
                ? new HostException($"{directory} holds a single member, which has no other members to be compared with, switched over to or rebuilt from; participant, session, news and snapshot work there, the rest of ctl is for clusters (exchange local --members 3)", ExitCode.BadInput)
                : new HostException($"{directory}: there is no {ClusterFile.FileName}; name the directory of a cluster with --dir, or its members with --connect and --key", ExitCode.BadInput);
        }
    }

    /// <summary>Demands a cluster where a single member would do too, but has not said where it listens.</summary>
    private static void RequireMembers(string directory)
    {
        if (!ClusterFile.ExistsIn(directory) && System.IO.Directory.Exists(StateDirectory.Member(directory, 1)))
        {
            throw new HostException($"{directory}: its single member does not run; start it (exchange local --dir {directory}) and ask again", ExitCode.BadInput);
        }

        RequireCluster(directory);
    }
}
