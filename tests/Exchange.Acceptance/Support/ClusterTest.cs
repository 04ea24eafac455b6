using Xunit.Abstractions;

namespace Exchange.Acceptance.Support;

/// <summary>Tests of an exchange of several members, seen from its clients' side.</summary>
public abstract class ClusterTest(ITestOutputHelper output) : TradersTest(output)
{
    private readonly List<BackgroundCommand> _commands = [];
    private readonly List<SpreadCluster> _spread = [];

    /// <summary>How long a cluster may take to be whole again.</summary>
    private protected static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (BackgroundCommand command in _commands)
        {
            Say(command.ToString());
            command.Dispose();
        }

        foreach (SpreadCluster cluster in _spread)
        {
            Say(cluster.Describe());
            cluster.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Signals a member and its gateway together: what the loss of their box is.</summary>
    private protected static void Signal(ExchangeProcess exchange, int memberId, int signal)
    {
        int[] pids = [exchange.Named($"member-{memberId}").Pid, exchange.Named($"gateway-{memberId}").Pid];
        Assert.All(pids, pid => Assert.True(Posix.Signal(pid, signal), $"{pid} of member {memberId} is gone\n{exchange.Describe()}"));
    }

    /// <summary>Two engines and a witness, or what the options say.</summary>
    private protected ExchangeProcess StartCluster(int members = 3, params string[] options) =>
        StartExchange(ExchangeProcess.FreePortPair(), ["--members", $"{members}", .. options]);

    /// <summary>Two engines and a witness with wires between them that can be cut.</summary>
    private protected SpreadCluster StartSpread()
    {
        SpreadCluster cluster = new(Folder.FullPath);
        _spread.Add(cluster);
        return cluster;
    }

    /// <summary>A verb of the exchange that goes on running.</summary>
    private protected BackgroundCommand Background(params string[] arguments)
    {
        BackgroundCommand command = new(arguments);
        _commands.Add(command);
        return command;
    }

    /// <summary>A verb of `exchange ctl`, and what it is expected to end with.</summary>
    private protected CommandResult Ctl(int exitCode, params string[] arguments) => CtlAt(State, exitCode, arguments);

    /// <summary>The same with the files of another directory.</summary>
    private protected CommandResult CtlAt(string directory, int exitCode, params string[] arguments)
    {
        CommandResult result = CommandResult.Exchange(["ctl", .. arguments, "--dir", directory]);
        Say($"ctl {string.Join(' ', arguments)}: {result.ExitCode}\n{result.Output}{result.Error}");
        Assert.Equal(exitCode, result.ExitCode);
        if (exitCode != 0 && result.Output.Length == 0)
        {
            Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        return result;
    }

    /// <summary>Waits until every member is there and stands where the leader stands.</summary>
    private protected ClusterView Whole(IRunningExchange exchange)
    {
        ClusterView? view = null;
        PauseTrading();
        Poll.Until(() => (view = ClusterView.Of(exchange.Directory)).IsWhole, "a whole cluster", () => $"{view}\n{exchange.Describe()}", Patience);
        ResumeTrading();
        return view!;
    }

    /// <summary>Waits for something that `ctl status` shall say.</summary>
    private protected ClusterView Await(IRunningExchange exchange, Func<ClusterView, bool> condition, string what)
    {
        ClusterView? view = null;
        Poll.Until(() => condition(view = ClusterView.Of(exchange.Directory)), what, () => $"{view}\n{exchange.Describe()}", Patience);
        return view!;
    }

    /// <summary>Trading ends, every order is accounted for, and the engines' files say the same.</summary>
    private protected void SettleCluster(ExchangeProcess exchange)
    {
        Account(exchange);
        Say(Whole(exchange).ToString());
        exchange.StopCleanly();
        foreach (int id in (int[])[1, 2])
        {
            string member = Path.Combine(State, $"member-{id}");
            Assert.Equal(CommandResult.Exchange("verify", member).StateHash(), CommandResult.Exchange("replay", member).StateHash());
        }
    }
}
