// `exchange load`: generates FIX order flow against an exchange and judges the answers.
using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Exchange.Host.Client;
using Exchange.Host.Load;

namespace Exchange.Host.Commands;

/// <summary>The verb <c>load</c>.</summary>
internal static class LoadCommand
{
    private const int SessionsMax = 99;

    private static readonly Option<string[]> s_connect = new("--connect")
    {
        Description = "HOST:PORT of the exchange; with several, separated by commas, the next is used when one fails",
        DefaultValueFactory = _ => ["127.0.0.1:9880"],
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<int> s_sessions = new("--sessions") { Description = "FIX sessions, HFT1 and up", DefaultValueFactory = _ => 4 };
    private static readonly Option<string> s_prefix = new("--session-prefix") { Description = "SenderCompIDs are this and a number from 1; user and password are the same", DefaultValueFactory = _ => "HFT" };
    private static readonly Option<string> s_target = new("--target") { Description = "TargetCompID", DefaultValueFactory = _ => "EXCH" };
    private static readonly Option<string> s_version = FixVersionOption.Create();
    private static readonly Option<double> s_rate = new("--rate") { Description = "new orders a second over all sessions, open loop; 0: as fast as --outstanding allows", DefaultValueFactory = _ => 1000 };
    private static readonly Option<double> s_seconds = new("--seconds") { Description = "length of the measured part", DefaultValueFactory = _ => 10 };
    private static readonly Option<double> s_warmup = new("--warmup") { Description = "seconds at the same rate before it, left out of the figures", DefaultValueFactory = _ => 2 };
    private static readonly Option<string> s_mix = new("--mix") { Description = "kind of flow: " + string.Join(", ", LoadMix.All.Select(m => m.Name)) + " (see --list-mixes)", DefaultValueFactory = _ => LoadMix.All[0].Name };
    private static readonly Option<string> s_symbols = new("--symbols") { Description = "symbols traded, separated by commas", DefaultValueFactory = _ => "AAPL,MSFT" };
    private static readonly Option<decimal> s_price = new("--price") { Description = "the middle price", DefaultValueFactory = _ => 100m };
    private static readonly Option<decimal> s_tick = new("--tick") { Description = "distance of two price levels", DefaultValueFactory = _ => 0.01m };
    private static readonly Option<int> s_quantity = new("--quantity") { Description = "quantity of each order", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> s_outstanding = new("--outstanding") { Description = "unanswered orders above which nothing is sent; 0: no limit" };
    private static readonly Option<bool> s_spin = new("--spin") { Description = "busy-poll instead of waiting in the kernel" };
    private static readonly Option<int> s_turn = new("--turn-us") { Description = "write and read at most so often, all that is due at once: takes less of a processor, adds as much to each latency; 0: as often as it can" };
    private static readonly Option<int> s_cpu = new("--cpu") { Description = "CPU for the sending thread; -1: any", DefaultValueFactory = _ => -1 };
    private static readonly Option<double> s_drain = new("--drain") { Description = "seconds after which a missing answer counts as lost", DefaultValueFactory = _ => 10 };
    private static readonly Option<string?> s_json = new("--json") { Description = "write the result to this file" };
    private static readonly Option<bool> s_reconnect = new("--reconnect") { Description = "make a lost connection again with continuing numbers; implied by several addresses" };
    private static readonly Option<int> s_silence = new("--silence-ms") { Description = "an exchange that answers nothing for so long while a request is open counts as lost; 0: never", DefaultValueFactory = _ => 150 };
    private static readonly Option<bool> s_resets = new("--reset-on-failover") { Description = "log on with 141=Y after a lost connection and learn from restatements" };
    private static readonly Option<bool> s_list = new("--list-mixes") { Description = "explain the mixes and stop" };

    /// <summary>Creates the verb.</summary>
    internal static Command Create()
    {
        Command command = new("load", "Generates orders over FIX at a fixed rate and measures from the scheduled time to the report.")
        {
            s_connect, s_sessions, s_prefix, s_target, s_rate, s_seconds, s_warmup, s_mix, s_symbols, s_price, s_tick, s_quantity,
            s_outstanding, s_spin, s_turn, s_cpu, s_drain, s_json, s_list, s_reconnect, s_silence, s_resets, s_version,
        };
        ClientTlsSwitches.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(s_list))
        {
            foreach (LoadMix mix in LoadMix.All)
            {
                Console.WriteLine($"{mix.Name,-12} {mix.Description}");
            }

            return ExitCode.Success;
        }

        LoadOptions options = ReadOptions(parsed);
        string? json = parsed.GetValue(s_json);
        RequireWritable(json);
        IReadOnlyList<System.Net.EndPoint> addresses = options.Addresses;
        TlsTunnel[] tunnels = ClientTlsSwitches.Open(parsed, ref addresses);
        options = options with { Addresses = addresses };
        LoadProgressBoard board = new();
        LoadSummary summary;
        using (LoadEngine engine = new(options, board))
        using (new LoadReporter(board, Console.WriteLine))
        using (cancellation.Register(engine.Stop))
        using (StopOn(PosixSignal.SIGINT, engine))
        using (StopOn(PosixSignal.SIGTERM, engine))
        {
            summary = engine.Run();
        }

        ClientTlsSwitches.Close(tunnels);
        LoadReporter.WriteSummary(summary, Console.Out);
        if (json is not null)
        {
            File.WriteAllText(json, summary.ToJson() + Environment.NewLine);
        }

        foreach (string failure in summary.Failures)
        {
            Console.Error.WriteLine($"exchange load: {failure}");
        }

        return summary.Failures.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static PosixSignalRegistration StopOn(PosixSignal signal, LoadEngine engine) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        engine.Stop();
    });

    private static LoadOptions ReadOptions(ParseResult parsed)
    {
        System.Net.EndPoint[] addresses = HostAddress.ParseList(parsed.GetRequiredValue(s_connect));
        int silenceMs = parsed.GetValue(s_silence);
        bool reconnects = addresses.Length > 1 || parsed.GetValue(s_reconnect) || parsed.GetValue(s_resets);
        Check(silenceMs is >= 0 and <= 3_600_000, "--silence-ms: 0 to 3600000");
        LoadOptions options = new()
        {
            Addresses = addresses,
            Reconnects = reconnects,
            SilenceNs = reconnects ? silenceMs * 1_000_000L : 0,
            ResetsOnFailover = parsed.GetValue(s_resets),
            Version = FixVersionOption.Read(parsed, s_version),
            Sessions = parsed.GetValue(s_sessions),
            SessionPrefix = parsed.GetRequiredValue(s_prefix),
            TargetCompId = parsed.GetRequiredValue(s_target),
            RatePerSec = parsed.GetValue(s_rate),
            Seconds = parsed.GetValue(s_seconds),
            WarmupSeconds = parsed.GetValue(s_warmup),
            DrainSeconds = parsed.GetValue(s_drain),
            Mix = LoadMix.Find(parsed.GetRequiredValue(s_mix)) ?? throw Bad($"--mix: there is no {parsed.GetValue(s_mix)}; see --list-mixes"),
            Symbols = parsed.GetRequiredValue(s_symbols).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            MiddlePrice = parsed.GetValue(s_price),
            Tick = parsed.GetValue(s_tick),
            Quantity = parsed.GetValue(s_quantity),
            OutstandingMax = parsed.GetValue(s_outstanding),
            Spin = parsed.GetValue(s_spin),
            TurnNs = parsed.GetValue(s_turn) * 1_000L,
            Cpu = parsed.GetValue(s_cpu),
        };
        Check(options.Sessions is >= 1 and <= SessionsMax, $"--sessions: 1 to {SessionsMax}");
        Check(options.RatePerSec is >= 0 and <= 100e6, "--rate: 0 to 100000000");
        Check(options.RatePerSec > 0 || options.OutstandingMax > 0, "--rate 0 needs --outstanding N");
        Check(options.OutstandingMax >= 0, "--outstanding: 0 or more");
        Check(options.TurnNs is >= 0 and <= 100_000_000, "--turn-us: 0 to 100000");
        Check(options.Seconds is > 0 and <= 86_400, "--seconds: more than 0, at most 86400");
        Check(options.WarmupSeconds is >= 0 and <= 3_600, "--warmup: 0 to 3600");
        Check(options.DrainSeconds is >= 0 and <= 3_600, "--drain: 0 to 3600");
        Check(options.Symbols.Count > 0 && options.Symbols.All(s => s.Length <= 24 && s.All(c => c is > ' ' and <= '~')), "--symbols: names of at most 24 characters, separated by commas");
        Check(options.Quantity is > 0 and <= 1_000_000, "--quantity: 1 to 1000000");
        Check(options.Tick > 0 && options.MiddlePrice > options.Tick * (LoadMix.Levels + 2), "--price: more than 52 ticks; --tick: more than 0");
        Check(options.SessionPrefix.Length is > 0 and <= 14 && options.TargetCompId.Length is > 0 and <= 16, "--session-prefix and --target: CompIDs of at most 16 characters");
        return options;
    }

    private static void RequireWritable(string? path)
    {
        if (path is null)
        {
            return;
        }

        try
        {
            File.WriteAllText(path, string.Empty);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Bad(string.Create(CultureInfo.InvariantCulture, $"--json: cannot write {path}: {e.Message}"));
        }
    }

    private static void Check(bool condition, string message)
    {
        if (!condition)
        {
            throw Bad(message);
        }
    }

    private static HostException Bad(string message) => new(message, ExitCode.BadInput);
}
