using System.CommandLine;

namespace Exchange.LatencyHarness;

/// <summary>Options that both measurements share.</summary>
internal static class HarnessOptions
{
    /// <summary>CPU of the server's thread.</summary>
    public static Option<int> ServerCpu { get; } = new("--server-cpu") { Description = "CPU of the server's thread; -1: any", DefaultValueFactory = _ => 0 };

    /// <summary>CPU of the client's thread.</summary>
    public static Option<int> ClientCpu { get; } = new("--client-cpu") { Description = "CPU of the client's thread; -1: any", DefaultValueFactory = _ => 1 };

    /// <summary>Number of members.</summary>
    public static Option<int> Members { get; } = new("--members") { Description = "members of the exchange: 1, or 3 for two engines and a witness", DefaultValueFactory = _ => 1 };

    /// <summary>Where the exchange keeps its state.</summary>
    public static Option<string> Directory { get; } = new("--dir") { Description = "where the exchange keeps its state; give a real file system", DefaultValueFactory = _ => Path.GetTempPath() };

    /// <summary>Where results go.</summary>
    public static Option<string?> Output { get; } = new("--out") { Description = "folder for the results, for example perf/baselines" };

    /// <summary>A running exchange to use.</summary>
    public static Option<string?> Connect { get; } = new("--connect") { Description = "HOST:PORT of an exchange that runs already, instead of starting one" };
}
