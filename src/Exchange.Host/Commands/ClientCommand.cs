// `exchange client`: an order terminal on a FIX session, for people and for scripts.
using System.CommandLine;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using Exchange.Host.Client;
using Exchange.Host.Client.Terminal;

namespace Exchange.Host.Commands;

/// <summary>The verb <c>client</c>.</summary>
internal static class ClientCommand
{
    private const string PasswordVariable = "EXCHANGE_PASSWORD";

    private static readonly Option<string[]> s_connect = new("--connect")
    {
        Description = "HOST:PORT of the exchange; with several, separated by commas, the next is used when one fails",
        DefaultValueFactory = _ => ["127.0.0.1:9880"],
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string> s_sender = new("--sender") { Description = "our CompID", DefaultValueFactory = _ => "HFT1" };
    private static readonly Option<string> s_target = new("--target") { Description = "the exchange's CompID", DefaultValueFactory = _ => "EXCH" };
    private static readonly Option<string?> s_username = new("--username") { Description = "Username; the sender when absent" };
    private static readonly Option<string?> s_password = new("--password") { Description = $"Password; '-' asks for it; when absent {PasswordVariable}, then the sender" };
    private static readonly Option<string> s_version = FixVersionOption.Create();
    private static readonly Option<int> s_heartbeat = new("--heartbeat") { Description = "heartbeat interval in seconds; 0 for none", DefaultValueFactory = _ => 30 };
    private static readonly Option<bool> s_reset = new("--reset") { Description = "start both sequence numbers at 1 (141=Y)" };
    private static readonly Option<bool> s_resetOnFailover = new("--reset-on-failover") { Description = "log on with 141=Y after a lost connection, too" };
    private static readonly Option<int> s_silence = new("--silence-ms") { Description = "leave an exchange that answers an order with nothing for so long; 0: leave that to heartbeats" };
    private static readonly Option<bool> s_gapFill = new("--gap-fill") { Description = "answer resend requests with a gap fill instead of the orders" };
    private static readonly Option<bool> s_nextExpected = new("--next-expected") { Description = "send NextExpectedMsgSeqNum (789) with the logon" };
    private static readonly Option<string?> s_state = new("--state") { Description = "folder for sequence numbers and reports of all sessions; below the user's state folder when absent" };
    private static readonly Option<string?> s_seqStore = new("--seq-store") { Description = "folder for this session alone; overrides --state" };
    private static readonly Option<long> s_in = new("--in") { Description = "next inbound number, instead of the stored one" };
    private static readonly Option<long> s_out = new("--out") { Description = "next outbound number, instead of the stored one; forgets what was sent" };
    private static readonly Option<string?> s_script = new("--script") { Description = "take commands from this file; with piped standard input, from there" };
    private static readonly Option<double> s_timeout = new("--timeout") { Description = "seconds that a script waits for the logon and for each answer", DefaultValueFactory = _ => 5 };
    private static readonly Option<bool> s_trace = new("--trace") { Description = "show every message" };

    /// <summary>Creates the verb.</summary>
    internal static Command Create()
    {
        Command command = new("client", "An order terminal over FIX: type help. With --script or piped input it runs commands and exits.")
        {
            s_connect, s_sender, s_target, s_username, s_password, s_heartbeat, s_reset, s_gapFill, s_nextExpected, s_state, s_seqStore, s_in, s_out,
            s_script, s_timeout, s_trace, s_silence, s_resetOnFailover, s_version,
        };
        ClientTlsSwitches.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(RunWithTunnels(parsed, cancellation)));
        return command;
    }

    private static int RunWithTunnels(ParseResult parsed, CancellationToken cancellation)
    {
        TerminalOptions options = ReadOptions(parsed);
        IReadOnlyList<EndPoint> addresses = options.Addresses;
        TlsTunnel[] tunnels = ClientTlsSwitches.Open(parsed, ref addresses);
        try
        {
            return Run(parsed, options with { Addresses = addresses }, cancellation);
        }
        finally
        {
            ClientTlsSwitches.Close(tunnels);
        }
    }

    private static int Run(ParseResult parsed, TerminalOptions options, CancellationToken cancellation)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using PosixSignalRegistration interrupt = OnSignal(PosixSignal.SIGINT, stop);
        using PosixSignalRegistration terminate = OnSignal(PosixSignal.SIGTERM, stop);
        string? script = parsed.GetValue(s_script);
        if (script is not null || Console.IsInputRedirected)
        {
            using TextReader reader = script is null ? Console.In : OpenScript(script);
            PlainScreen plain = new(Console.WriteLine);
            using TerminalSession scripted = new(options, plain);
            return ScriptTerminal.Run(scripted, new InputLines(reader), plain, options.AnswerTimeout, stop.Token);
        }

        if (Console.IsOutputRedirected || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb")
        {
            using TerminalSession lines = new(options, new PlainScreen(Console.WriteLine));
            return InteractiveTerminal.RunLines(lines, new InputLines(Console.In), stop.Token);
        }

        Console.TreatControlCAsInput = true;
        using StreamWriter output = new(Console.OpenStandardOutput(), new UTF8Encoding(false), 4096, leaveOpen: true) { AutoFlush = true };
        LineEditor editor = new();
        AnsiScreen screen = new(editor, output.Write, static () => Console.WindowWidth);
        using TerminalSession terminal = new(options, screen);
        screen.Print("type help for the commands, quit to leave", TextTone.Faint);
        return InteractiveTerminal.RunKeys(terminal, editor, screen, stop.Token);
    }

    private static PosixSignalRegistration OnSignal(PosixSignal signal, CancellationTokenSource stop) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        stop.Cancel();
    });

    private static TerminalOptions ReadOptions(ParseResult parsed)
    {
        string sender = parsed.GetRequiredValue(s_sender);
        string target = parsed.GetRequiredValue(s_target);
        int heartbeat = parsed.GetValue(s_heartbeat);
        double timeout = parsed.GetValue(s_timeout);
        Check(IsCompId(sender) && IsCompId(target), "--sender and --target: 1 to 16 visible characters");
        Check(heartbeat is >= 0 and <= 3600, "--heartbeat: 0 to 3600 seconds");
        Check(timeout is > 0 and <= 3600, "--timeout: more than 0, at most 3600 seconds");
        Check(parsed.GetValue(s_silence) is >= 0 and <= 3_600_000, "--silence-ms: 0 to 3600000");
        Check(parsed.GetValue(s_in) >= 0 && parsed.GetValue(s_out) >= 0, "--in and --out: 1 or more");
        string state = parsed.GetValue(s_seqStore) ?? Path.Combine(parsed.GetValue(s_state) ?? DefaultState(), $"{sender}-{target}");
        return new TerminalOptions
        {
            Addresses = HostAddress.ParseList(parsed.GetRequiredValue(s_connect)),
            Session = new FixClientOptions
            {
                Version = FixVersionOption.Read(parsed, s_version),
                SenderCompId = sender,
                TargetCompId = target,
                Username = parsed.GetValue(s_username) ?? sender,
                Password = ReadPassword(parsed.GetValue(s_password), sender),
                HeartBtIntSec = heartbeat,
                ResendOrders = !parsed.GetValue(s_gapFill),
                SendNextExpected = parsed.GetValue(s_nextExpected),
                SilenceNs = parsed.GetValue(s_silence) * 1_000_000L,
            },
            ResetOnFailover = parsed.GetValue(s_resetOnFailover),
            StateDirectory = state,
            Reset = parsed.GetValue(s_reset),
            NextIn = parsed.GetValue(s_in),
            NextOut = parsed.GetValue(s_out),
            Trace = parsed.GetValue(s_trace),
            AnswerTimeout = TimeSpan.FromSeconds(timeout),
        };
    }

    private static bool IsCompId(string text) => text.Length is > 0 and <= 16 && text.All(c => c is > ' ' and <= '~' and not '/');

    private static string DefaultState()
    {
        string? state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Path.Combine(string.IsNullOrEmpty(state) ? Path.Combine(home, ".local", "state") : state, "exchange", "client");
    }

    private static string ReadPassword(string? given, string sender)
    {
        if (given != "-")
        {
            return given ?? Environment.GetEnvironmentVariable(PasswordVariable) ?? sender;
        }

        Check(!Console.IsInputRedirected, $"--password -: there is no terminal to ask on; use {PasswordVariable}");
        Console.Write("password: ");
        StringBuilder typed = new();
        for (ConsoleKeyInfo key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        Console.WriteLine();
        return typed.ToString();
    }

    private static StreamReader OpenScript(string path)
    {
        try
        {
            return new StreamReader(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HostException($"--script: {e.Message}", ExitCode.BadInput);
        }
    }

    private static void Check(bool condition, string message)
    {
        if (!condition)
        {
            throw new HostException(message, ExitCode.BadInput);
        }
    }
}
