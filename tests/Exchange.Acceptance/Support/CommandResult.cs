using System.Diagnostics;

namespace Exchange.Acceptance.Support;

/// <summary>What a command that ran to its end left behind.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="TimeoutException">It did not end in time, and was killed.</exception>
    public static CommandResult Run(string program, IEnumerable<string> arguments, TimeSpan limit, string? workingDirectory = null, string? input = null)
    {
        ProcessStartInfo start = new(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = workingDirectory ?? Repository.Root,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input ?? "");
        process.StandardInput.Close();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', start.ArgumentList)} ran longer than {limit.TotalSeconds} s");
        }

        process.WaitForExit();
        return new CommandResult(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    /// <summary>Runs a verb of the exchange to its end.</summary>
    public static CommandResult Exchange(params string[] arguments) =>
        Run(Repository.DotNet, arguments.Prepend(Repository.Executable), TimeSpan.FromMinutes(2));

    /// <summary>The line with the state hash that verify and replay print.</summary>
    public string StateHash()
    {
        const string Prefix = "state hash ";
        string? line = Output.Split('\n').Select(l => l.Trim()).SingleOrDefault(l => l.StartsWith(Prefix, StringComparison.Ordinal));
        Assert.True(line is not null && line.Length == Prefix.Length + 16, $"no line “state hash <16 digits>”, but (exit code {ExitCode}):\n{Output}{Error}");
        return line![Prefix.Length..];
    }
}
