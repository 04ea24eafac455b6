// `exchange conformance`: plays the scenarios of fix-spec/conformance against an acceptor, this one or any other.
using System.CommandLine;
using System.Net;
using Exchange.Host.Client;
using Exchange.Host.Conformance;

namespace Exchange.Host.Commands;

/// <summary>The verb <c>conformance</c>.</summary>
internal static class ConformanceCommand
{
    private static readonly Option<string> s_connect = new("--connect") { Description = "HOST:PORT of the acceptor", DefaultValueFactory = _ => "127.0.0.1:9880" };
    private static readonly Option<string?> s_version = new("--version") { Description = "FIX versions, separated by commas: 4.2, 4.4, 5.0SP2; all when absent" };
    private static readonly Option<string> s_sender = new("--sender") { Description = "SenderCompID of the first client; its session is reset and its open orders are canceled", DefaultValueFactory = _ => "HFT1" };
    private static readonly Option<string> s_secondSender = new("--second-sender") { Description = "the same of the second client; empty to leave out what needs two", DefaultValueFactory = _ => "HFT2" };
    private static readonly Option<string> s_target = new("--target") { Description = "TargetCompID", DefaultValueFactory = _ => "EXCH" };
    private static readonly Option<string?> s_username = new("--username") { Description = "Username (553); the sender when absent, none when empty" };
    private static readonly Option<string?> s_password = new("--password") { Description = "Password (554); the sender when absent, none when empty" };
    private static readonly Option<string> s_symbol = new("--symbol") { Description = "an instrument with a tick of 0.01 in whose book nobody else trades meanwhile", DefaultValueFactory = _ => "AAPL" };
    private static readonly Option<string?> s_filter = new("--filter") { Description = "only scenarios whose file or title holds this text, or whose test case it is" };
    private static readonly Option<string?> s_pack = new("--pack") { Description = "folder of the scenarios; those built with the executable when absent" };
    private static readonly Option<string?> s_operator = new("--operator")
    {
        Description = "the acceptor's operator: a program and its first arguments, to which what a scenario has the operator do is added; of this exchange \"exchange ctl --dir DIR\"",
    };

    private static readonly Option<bool> s_list = new("--list") { Description = "list the scenarios and play none" };
    private static readonly Option<bool> s_json = new("--json") { Description = "print the results as JSON" };
    private static readonly Option<double> s_patience = new("--patience") { Description = "seconds that an answer may take which no rule about time is about", DefaultValueFactory = _ => 5 };

    /// <summary>Creates the verb.</summary>
    internal static Command Create()
    {
        Command command = new("conformance", "Plays the conformance scenarios against a FIX acceptor. Exit code 0 only if every one that applies passed.")
        {
            s_connect, s_version, s_sender, s_secondSender, s_target, s_username, s_password, s_symbol, s_filter, s_pack, s_operator, s_list, s_json, s_patience,
        };
        ClientTlsSwitches.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        List<Scenario> scenarios = [.. ConformancePack.Filter(ConformancePack.Load(parsed.GetValue(s_pack) ?? ConformancePack.DefaultFolder), parsed.GetValue(s_filter))];
        List<ScenarioVersion> versions = [.. Versions(parsed.GetValue(s_version))];
        if (scenarios.Count == 0)
        {
            throw new HostException("--filter: no scenario fits; see --list", ExitCode.BadInput);
        }

        if (parsed.GetValue(s_list))
        {
            scenarios.ForEach(static scenario => Console.WriteLine($"{scenario.Name,-48}{scenario.Case,-14}{scenario.Versions,-14}  {scenario.Title}"));
            return ExitCode.Success;
        }

        bool isJson = parsed.GetValue(s_json);
        ScenarioPlayer player = new(ReadOptions(parsed));
        List<ScenarioResult> results = [];
        foreach (ScenarioVersion version in versions)
        {
            foreach (ScenarioResult result in player.Play(scenarios, version, cancellation))
            {
                results.Add(result);
                foreach (string line in isJson ? [] : ConformanceReport.Lines(result))
                {
                    Console.WriteLine(line);
                }
            }
        }

        Console.WriteLine(isJson ? ConformanceReport.Json(results) : ConformanceReport.Total(results));
        return results.TrueForAll(static result => result.Outcome != ScenarioOutcome.Failed) && results.Exists(static result => result.Outcome == ScenarioOutcome.Passed)
            ? ExitCode.Success
            : ExitCode.Failure;
    }

    private static IEnumerable<ScenarioVersion> Versions(string? text) => string.IsNullOrWhiteSpace(text)
        ? ScenarioVersion.All
        : text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(name => ScenarioVersion.Find(name) ?? throw Bad($"--version: there is no {name}; there are {string.Join(", ", ScenarioVersion.All.Select(static version => version.Name))}"));

    private static ConformanceOptions ReadOptions(ParseResult parsed)
    {
        EndPoint address = HostAddress.Parse(parsed.GetRequiredValue(s_connect));
        double patience = parsed.GetValue(s_patience);
        return new ConformanceOptions
        {
            Address = address,
            Senders = [.. new[] { parsed.GetRequiredValue(s_sender), parsed.GetRequiredValue(s_secondSender) }.Where(static sender => sender.Length > 0)],
            Target = parsed.GetRequiredValue(s_target),
            Username = parsed.GetValue(s_username),
            Password = parsed.GetValue(s_password),
            Symbol = parsed.GetRequiredValue(s_symbol),
            Patience = patience is > 0 and <= 600 ? TimeSpan.FromSeconds(patience) : throw Bad("--patience: more than 0, at most 600 seconds"),
            Operator = (parsed.GetValue(s_operator) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Tls = ClientTlsSwitches.Read(parsed)?.Invoke(address),
        };
    }

    private static HostException Bad(string message) => new(message, ExitCode.BadInput);
}
