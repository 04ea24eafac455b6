// Runs the terminal for a person. A thread waits for keys (or lines, where the terminal cannot position its cursor) and queues them;
// everything else happens on the calling thread, which looks at the queue and the socket in turn.
using System.Collections.Concurrent;

namespace Exchange.Host.Client.Terminal;

/// <summary>Interactive runner.</summary>
internal static class InteractiveTerminal
{
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(10);

    /// <summary>Runs with keys until the user leaves.</summary>
    public static int RunKeys(TerminalSession terminal, LineEditor editor, AnsiScreen screen, CancellationToken cancellation)
    {
        ConcurrentQueue<ConsoleKeyInfo> keys = new();
        Thread reader = new(() => ReadKeys(keys)) { IsBackground = true, Name = "client-keys" };
        reader.Start();
        while (!terminal.IsFinished)
        {
            bool typed = false;
            while (keys.TryDequeue(out ConsoleKeyInfo key))
            {
                typed = true;
                OnKey(editor.OnKey(key), terminal, editor, screen);
            }

            if (typed)
            {
                screen.Redraw();
            }

            if (cancellation.IsCancellationRequested && !terminal.IsLeaving)
            {
                terminal.Leave();
            }

            terminal.Work(s_turn);
        }

        screen.Leave();
        return ExitCode.Success;
    }

    /// <summary>Runs with whole lines until the user leaves or the input ends.</summary>
    public static int RunLines(TerminalSession terminal, InputLines input, CancellationToken cancellation)
    {
        while (!terminal.IsFinished)
        {
            if (input.TryTake(out string? line))
            {
                terminal.Execute(line);
            }
            else if ((input.IsEmptyAtEnd || cancellation.IsCancellationRequested) && !terminal.IsLeaving)
            {
                terminal.Leave();
            }

            terminal.Work(s_turn);
        }

        return ExitCode.Success;
    }

    private static void OnKey(LineEditor.Result result, TerminalSession terminal, LineEditor editor, AnsiScreen screen)
    {
        switch (result)
        {
            case LineEditor.Result.Submitted:
                screen.Redraw();
                screen.Leave();
                terminal.Execute(editor.Take());
                break;
            case LineEditor.Result.ClearScreen:
                screen.Clear();
                break;
            case LineEditor.Result.Ended when !terminal.IsLeaving:
                terminal.Leave();
                break;
        }
    }

    private static void ReadKeys(ConcurrentQueue<ConsoleKeyInfo> keys)
    {
        try
        {
            while (true)
            {
                keys.Enqueue(Console.ReadKey(intercept: true));
            }
        }
        catch (InvalidOperationException)
        {
            // The terminal is gone. The hang-up signal ends the program.
        }
    }
}
