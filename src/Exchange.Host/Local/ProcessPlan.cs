using System.Globalization;
using Exchange.Cluster.Consensus;
using Exchange.Host.Client;
using Exchange.Host.Configuration;

namespace Exchange.Host.Local;

/// <summary>Which processes an exchange on one box consists of, and how each is started.</summary>
internal static class ProcessPlan
{
    /// <summary>The processes, members before gateways.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="cluster">The members; null for a single one.</param>
    public static List<ProcessSpec> Create(LocalOptions options, ClusterFile? cluster)
    {
        if (cluster is null)
        {
            return Single(options);
        }

        List<ProcessSpec> members = [];
        List<ProcessSpec> gateways = [];
        int engines = 0;
        foreach (ClusterMember member in cluster.Configuration.Members)
        {
            List<string> arguments = Member(member.Kind == MemberKind.Witness ? "witness" : "member", options, member.Id);
            int port = HostAddress.PortOf(member.FixAddress);
            if (member.Kind == MemberKind.Witness)
            {
                members.Add(Process(options, $"member-{member.Id}", "witness", member.Id, arguments));
            }
            else if (options.Threading == "composed")
            {
                members.Add(Process(options, $"member-{member.Id}", "member+gateway", member.Id, [.. arguments, "--fix-port", Text(port)], member.FixAddress));
            }
            else
            {
                members.Add(Process(options, $"member-{member.Id}", "member", member.Id, arguments));
                gateways.Add(Process(options, $"gateway-{member.Id}", "gateway", member.Id, Gateway(options, member.Id, port, engines++), member.FixAddress));
            }
        }

        return [.. members, .. gateways];
    }

    private static List<ProcessSpec> Single(LocalOptions options)
    {
        int port = options.FixPort ?? LocalLayout.DefaultFixPort;
        List<string> member = Member("member", options, 1);
        return options.Threading == "composed"
            ? [Process(options, "member-1", "member+gateway", 1, [.. member, "--fix-port", Text(port)])]
            : [Process(options, "member-1", "member", 1, member), Process(options, "gateway-1", "gateway", 1, Gateway(options, 1, port, index: 0))];
    }

    private static List<string> Member(string verb, LocalOptions options, int id)
    {
        List<string> arguments =
        [
            verb, "--supervised", "--dir", options.Directory, "--id", Text(id), "--idle", options.Idle, "--cpu", Text(options.MemberCpu),
            "--snapshot-every", Text(options.SnapshotEveryMib), "--day-end", options.DayEnd, "--log", LogFile(options, $"member-{id}"),
        ];
        AddRehearsal(arguments, options);
        Add(arguments, "--durability", options.Durability);
        Add(arguments, "--instruments", options.InstrumentsFile is { } instruments ? Path.GetFullPath(instruments) : null);
        Add(arguments, "--participants", options.ParticipantsFile is { } participants ? Path.GetFullPath(participants) : null);
        Add(arguments, "--markets", options.MarketsFile is { } markets ? Path.GetFullPath(markets) : null);
        return arguments;
    }

    private static List<string> Gateway(LocalOptions options, int member, int port, int index)
    {
        List<string> arguments =
        [
            "gateway", "--supervised", "--dir", options.Directory, "--member", Text(member), "--id", Text(member), "--idle", options.Idle,
            "--fix-port", Text(port), "--cpu", Text(options.GatewayCpu), "--log", LogFile(options, $"gateway-{member}"),
        ];
        if (options.Tls is { } tls)
        {
            arguments.AddRange(tls.ToArguments(Text(tls.Port == 0 ? 0 : tls.Port + index)));
        }

        AddRehearsal(arguments, options);
        return arguments;
    }

    private static ProcessSpec Process(LocalOptions options, string name, string role, int member, List<string> arguments, string fixAddress = "") =>
        new(name, role, member, LogFile(options, name), arguments, fixAddress);

    private static string LogFile(LocalOptions options, string name) => Path.Combine(options.Directory, "logs", name + ".log");

    private static void AddRehearsal(List<string> arguments, LocalOptions options)
    {
        if (!options.Rehearses)
        {
            arguments.Add("--no-rehearsal");
        }
    }

    private static void Add(List<string> arguments, string option, string? value)
    {
        if (value is not null)
        {
            arguments.Add(option);
            arguments.Add(value);
        }
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
