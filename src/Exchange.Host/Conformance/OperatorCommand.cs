using System.ComponentModel;
using System.Diagnostics;

namespace Exchange.Host.Conformance;

/// <summary>What an acceptor's operator does in a scenario, by a command of the acceptor's own: nothing in FIX could cause it.</summary>
internal static class OperatorCommand
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    /// <summary>Runs the command to its end.</summary>
    /// <param name="command">The program and its first arguments.</param>
    /// <param name="words">The arguments behind them.</param>
    /// <exception cref="ScenarioFailure">It cannot be run, does not end, or does not end with 0.</exception>
    public static void Run(IReadOnlyList<string> command, IEnumerable<string> words)
    {
        ProcessStartInfo start = new(command[0], [.. command.Skip(1), .. words]) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start) ?? throw new ScenarioFailure($"the operator's command does not start: {command[0]}");
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(s_limit))
            {
                process.Kill(entireProcessTree: true);
                throw new ScenarioFailure("the operator's command does not end");
            }

            string said = error.GetAwaiter().GetResult() + output.GetAwaiter().GetResult();
            if (process.ExitCode != 0)
            {
                throw new ScenarioFailure($"the operator's command ended with {process.ExitCode}: {said.Trim()}");
            }
        }
        catch (Win32Exception e)
        {
            throw new ScenarioFailure($"the operator's command does not start: {e.Message}");
        }
    }
}
