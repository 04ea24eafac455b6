// Runs commands from a file or a pipe: each request waits for its answer before the next line, so that a script reads like the
// dialogue it causes. The first line that fails ends it.
namespace Exchange.Host.Client.Terminal;

/// <summary>Non-interactive runner.</summary>
internal static class ScriptTerminal
{
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(5);

    /// <summary>Runs to the end of the input.</summary>
    /// <returns>The exit code: 0 when every line was done and answered, 1 for a session that failed, 2 for a line that is wrong.</returns>
    public static int Run(TerminalSession terminal, InputLines input, ITerminalScreen screen, TimeSpan answerTimeout, CancellationToken cancellation)
    {
        int exitCode = LogOn(terminal, screen, answerTimeout, cancellation);
        while (exitCode == ExitCode.Success && !terminal.IsLeaving && !input.IsEmptyAtEnd && !cancellation.IsCancellationRequested)
        {
            exitCode = terminal.IsBroken ? ExitCode.Failure : exitCode;
            if (!input.TryTake(out string? line))
            {
                terminal.Work(s_turn);
            }
            else
            {
                screen.Print($"> {line}", TextTone.Faint);
                exitCode = RunLine(terminal, line, screen, answerTimeout, cancellation);
            }
        }

        if (!terminal.IsLeaving)
        {
            terminal.Leave();
        }

        Wait(terminal, () => terminal.IsFinished, answerTimeout + TimeSpan.FromSeconds(2), CancellationToken.None);
        return exitCode;
    }

    private static int LogOn(TerminalSession terminal, ITerminalScreen screen, TimeSpan limit, CancellationToken cancellation)
    {
        if (Wait(terminal, () => terminal.Session.Status == FixClientStatus.Established || terminal.IsBroken, limit, cancellation) && !terminal.IsBroken)
        {
            return ExitCode.Success;
        }

        screen.Print("not logged on", TextTone.Bad);
        return ExitCode.Failure;
    }

    private static int RunLine(TerminalSession terminal, string line, ITerminalScreen screen, TimeSpan limit, CancellationToken cancellation)
    {
        if (TerminalCommandParser.TryParse(line, out TerminalCommand command, out _) && command.Verb == TerminalVerb.Sleep)
        {
            Wait(terminal, static () => false, TimeSpan.FromSeconds((double)command.Quantity), cancellation);
            return ExitCode.Success;
        }

        if (!terminal.Execute(line))
        {
            return ExitCode.BadInput;
        }

        if (command.Verb == TerminalVerb.Connect || terminal.Session.Status == FixClientStatus.LogonSent)
        {
            return LogOn(terminal, screen, limit, cancellation);
        }

        if (!Wait(terminal, () => terminal.AwaitedCount == 0, limit, cancellation))
        {
            screen.Print($"no answer within {limit.TotalSeconds:0.#} s", TextTone.Bad);
            return ExitCode.Failure;
        }

        return ExitCode.Success;
    }

    private static bool Wait(TerminalSession terminal, Func<bool> condition, TimeSpan limit, CancellationToken cancellation)
    {
        long end = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        while (!condition())
        {
            if (Environment.TickCount64 >= end || cancellation.IsCancellationRequested)
            {
                return false;
            }

            terminal.Work(s_turn);
        }

        return true;
    }
}
