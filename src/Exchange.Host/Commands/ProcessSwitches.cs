using System.CommandLine;

namespace Exchange.Host.Commands;

/// <summary>Options of every process that runs for long.</summary>
internal sealed class ProcessSwitches
{
    /// <summary>CPU of the process's main thread.</summary>
    public Option<int> Cpu { get; } = new("--cpu") { Description = "CPU to pin the thread to; -1 for none.", DefaultValueFactory = static _ => -1 };

    /// <summary>Log file.</summary>
    public Option<string?> Log { get; } = new("--log") { Description = "Log file (default: standard error)." };

    /// <summary>No rehearsal.</summary>
    public Option<bool> NoRehearsal { get; } = new("--no-rehearsal") { Description = "Start without playing a failover in small; the first real one is slower then.", Hidden = true };

    /// <summary>Started by a supervisor.</summary>
    public Option<bool> Supervised { get; } = new("--supervised") { Description = "Stop when standard input ends; say on standard output when ready.", Hidden = true };
}
