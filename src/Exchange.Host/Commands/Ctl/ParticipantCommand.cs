// Who may log on. A password is read from a prompt, from standard input or from a file, never from an argument, which every user of the box
// could see; it is hashed here, with a fresh salt, and only the hash goes to the members, into their log, and to the gateways.
using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Exchange.Core.Sessions;
using Exchange.Gateway.Authentication;
using Exchange.Host.Configuration;
using Exchange.Host.Operations;
using Exchange.Protocol.Commands;
using Spectre.Console;

namespace Exchange.Host.Commands.Ctl;

/// <summary>`exchange ctl participant`: defines participants, changes passwords, and lets participants log on or not.</summary>
internal static class ParticipantCommand
{
    private const int RecordsPerRequest = 50;

    private static readonly Option<string> s_sender = new("--sender") { Description = "SenderCompID of the client." };
    private static readonly Option<string?> s_target = new("--target") { Description = "TargetCompID that the client uses for us, when several participants have that SenderCompID (add: default EXCH)." };
    private static readonly Option<string[]> s_set = new("--set") { Description = "FIELD=VALUE, a field of the participants file, such as --set heartbeatMin=2; several are possible.", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string?> s_file = new("--file") { Description = "Participants file: adds those that are not there yet." };
    private static readonly Option<bool> s_update = new("--update") { Description = "Define anew what is there already; numbers and orders stay." };
    private static readonly Option<string?> s_passwordFile = new("--password-file") { Description = "File whose first line is the password; - for standard input (default: ask)." };

    /// <summary>Builds the verb.</summary>
    public static Command Create() => new("participant", "Say who may log on. Every change goes through the log and counts on every gateway at once.")
    {
        CtlVerb.Create("list", "Show every participant.", [], ListAsync),
        CtlVerb.Create("add", "Define a participant, or those of a file.", [s_sender, s_target, s_set, s_file, s_update, s_passwordFile], AddAsync),
        CtlVerb.Create("password", "Give a participant another password.", [s_sender, s_target, s_passwordFile], PasswordAsync),
        CtlVerb.Create("disable", "Log a participant out; it may not log on again.", [s_sender, s_target], (parsed, stop) => EnableAsync("participant-disable", "disabled", parsed, stop)),
        CtlVerb.Create("enable", "Let a participant log on again.", [s_sender, s_target], (parsed, stop) => EnableAsync("participant-enable", "enabled", parsed, stop)),
    };

    private static async Task<int> AddAsync(ParseResult parsed, CancellationToken stop)
    {
        List<DefineParticipantCommand> definitions = parsed.GetValue(s_file) is { } file ? FromFile(parsed, file) : [FromOptions(parsed)];
        ClusterOperator members = CtlSwitches.Operator(parsed, mayBeAlone: true);
        JsonObject[] known = await ParticipantsAsync(members, parsed, stop).ConfigureAwait(false);
        List<byte[]> records = [];
        foreach (DefineParticipantCommand definition in definitions)
        {
            if (ParticipantDefinition.Check(in definition) is { } fault)
            {
                throw new HostException($"{definition.SenderCompId}: {fault}", ExitCode.BadInput);
            }

            bool isKnown = known.Any(p => p["sender"]?.ToString() == definition.SenderCompId.ToString() && p["target"]?.ToString() == definition.TargetCompId.ToString());
            if (!isKnown || parsed.GetValue(s_update))
            {
                records.Add(SeedFiles.Bytes(definition));
            }
            else if (parsed.GetValue(s_file) is null)
            {
                throw new HostException($"{definition.SenderCompId} with target {definition.TargetCompId} is there already; use --update to define it anew, or participant password, disable, enable", ExitCode.BadInput);
            }
        }

        JsonObject answer = new() { ["ok"] = true };
        foreach (byte[][] some in records.Chunk(RecordsPerRequest))
        {
            answer = await DefineAsync(members, parsed, some, stop).ConfigureAwait(false);
            if (!CtlVerb.IsOk(answer))
            {
                break;
            }
        }

        int kept = definitions.Count - records.Count;
        return CtlVerb.Tell(parsed, answer, _ => string.Create(
            CultureInfo.InvariantCulture,
            $"{records.Count} participant{(records.Count == 1 ? "" : "s")} defined{(kept > 0 ? $", {kept} there already (--update defines them anew)" : "")}"));
    }

    private static List<DefineParticipantCommand> FromFile(ParseResult parsed, string file) =>
        parsed.GetValue(s_sender) is null && parsed.GetValue(s_target) is null && parsed.GetValue(s_passwordFile) is null && parsed.GetValue(s_set) is null or { Length: 0 }
            ? ParticipantsFile.Parse(file, YamlRecords.ReadFile(file), PasswordHasher.DefaultIterations)
            : throw new HostException("--file says all about its participants; leave --sender, --target, --set and --password-file out", ExitCode.BadInput);

    private static DefineParticipantCommand FromOptions(ParseResult parsed)
    {
        Dictionary<string, (string Value, long Line)> values = new(StringComparer.Ordinal) { ["sender"] = (Sender(parsed), 1) };
        if (parsed.GetValue(s_target) is { } target)
        {
            values["target"] = (target, 1);
        }

        foreach (string setting in parsed.GetValue(s_set) ?? [])
        {
            int equals = setting.IndexOf('=', StringComparison.Ordinal);
            string field = equals < 0 ? setting : setting[..equals];
            if (equals < 0 || !ParticipantRecord.Fields.Contains(field) || field is "sender" or "target" or "password")
            {
                throw new HostException($"--set {setting}: must be FIELD=VALUE with one of {string.Join(", ", ParticipantRecord.Fields.Where(static f => f is not ("sender" or "target" or "password")))}", ExitCode.BadInput);
            }

            values[field] = (setting[(equals + 1)..], 1);
        }

        DefineParticipantCommand definition = ParticipantRecord.Read(new YamlRecord("--set", 1, values), PasswordHasher.DefaultIterations, needsPassword: false);
        if ((definition.Flags & ParticipantFlags.NoPassword) == 0)
        {
            byte[] password = PasswordInput.Read(parsed.GetValue(s_passwordFile), $"password of {definition.SenderCompId}");
            PasswordHasher.SetPassword(ref definition, password);
            CryptographicOperations.ZeroMemory(password);
        }

        return definition;
    }

    private static async Task<int> PasswordAsync(ParseResult parsed, CancellationToken stop)
    {
        ClusterOperator members = CtlSwitches.Operator(parsed, mayBeAlone: true);
        JsonObject participant = await FindAsync(members, parsed, stop).ConfigureAwait(false);
        byte[] password = PasswordInput.Read(parsed.GetValue(s_passwordFile), $"new password of {participant["sender"]}");
        DefineParticipantCommand hashed = default;
        PasswordHasher.SetPassword(ref hashed, password);
        CryptographicOperations.ZeroMemory(password);
        SetPasswordCommand command = default;
        command.Header.Type = CommandType.SetPassword;
        command.Header.Layout = CommandHeader.CurrentLayout;
        command.Header.Length = SetPasswordCommand.SizeBytes;
        command.Header.SessionId = (int)(MemberReport.NumberOf(participant, "id") ?? -1);
        command.PasswordHash = hashed.PasswordHash;
        command.PasswordSalt = hashed.PasswordSalt;
        command.PasswordIterations = hashed.PasswordIterations;
        JsonObject answer = await DefineAsync(members, parsed, [SeedFiles.Bytes(command)], stop).ConfigureAwait(false);
        return CtlVerb.Tell(parsed, answer, _ => $"{participant["sender"]}: the new password counts from the next Logon on");
    }

    private static async Task<int> EnableAsync(string verb, string done, ParseResult parsed, CancellationToken stop)
    {
        ClusterOperator members = CtlSwitches.Operator(parsed, mayBeAlone: true);
        JsonObject participant = await FindAsync(members, parsed, stop).ConfigureAwait(false);
        JsonObject request = new() { ["verb"] = verb, ["session"] = MemberReport.NumberOf(participant, "id") };
        JsonObject answer = await members.AskLeaderAsync(request, CtlVerb.Progress(parsed), CtlVerb.Quick, stop).ConfigureAwait(false);
        return CtlVerb.Tell(parsed, answer, _ => $"{participant["sender"]}: {done}");
    }

    private static Task<JsonObject> DefineAsync(ClusterOperator members, ParseResult parsed, IEnumerable<byte[]> records, CancellationToken stop)
    {
        JsonArray texts = [.. records.Select(static record => JsonValue.Create(Convert.ToBase64String(record)))];
        return members.AskLeaderAsync(new JsonObject { ["verb"] = "participant-define", ["records"] = texts }, CtlVerb.Progress(parsed), CtlVerb.Quick, stop);
    }

    private static async Task<JsonObject> FindAsync(ClusterOperator members, ParseResult parsed, CancellationToken stop)
    {
        string sender = Sender(parsed);
        string? target = parsed.GetValue(s_target);
        JsonObject[] found = [.. (await ParticipantsAsync(members, parsed, stop).ConfigureAwait(false))
            .Where(p => p["sender"]?.ToString() == sender && (target is null || p["target"]?.ToString() == target))];
        return found.Length switch
        {
            1 => found[0],
            0 => throw new HostException($"there is no participant {sender}{(target is null ? "" : $" with target {target}")}; see exchange ctl participant list", ExitCode.BadInput),
            _ => throw new HostException($"{found.Length} participants have the SenderCompID {sender}; say which with --target ({string.Join(", ", found.Select(static p => p["target"]))})", ExitCode.BadInput),
        };
    }

    private static string Sender(ParseResult parsed) =>
        parsed.GetValue(s_sender) ?? throw new HostException("name the participant with --sender", ExitCode.BadInput);

    private static async Task<JsonObject[]> ParticipantsAsync(ClusterOperator members, ParseResult parsed, CancellationToken stop)
    {
        JsonObject answer = await members.AskLeaderAsync(new JsonObject { ["verb"] = "participant-list" }, CtlVerb.Progress(parsed), CtlVerb.Quick, stop).ConfigureAwait(false);
        return CtlVerb.IsOk(answer) ? [.. Participants(answer)] : throw new HostException(answer["error"]?.ToString() ?? "the members do not tell their participants");
    }

    private static IEnumerable<JsonObject> Participants(JsonObject answer) => (answer["participants"] as JsonArray)?.OfType<JsonObject>() ?? [];

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken stop)
    {
        ClusterOperator members = CtlSwitches.Operator(parsed, mayBeAlone: true);
        JsonObject answer = await members.AskLeaderAsync(new JsonObject { ["verb"] = "participant-list" }, CtlVerb.Progress(parsed), CtlVerb.Quick, stop).ConfigureAwait(false);
        if (parsed.GetValue(CtlSwitches.Json) || !CtlVerb.IsOk(answer))
        {
            return CtlVerb.Tell(parsed, answer, static _ => string.Empty);
        }

        Table table = new Table().Border(TableBorder.Rounded)
            .AddColumns("id", "sender", "target", "username", "version", "disabled", "password", "logged on", "msgs/s", "switches", "next reset (UTC)");
        foreach (JsonObject p in Participants(answer))
        {
            long resetNs = MemberReport.NumberOf(p, "next_reset_ns") ?? 0;
            string reset = resetNs == 0 ? "-" : DateTime.UnixEpoch.AddTicks(resetNs / TimeSpan.NanosecondsPerTick).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            string[] cells =
            [
                .. ((ReadOnlySpan<string>)["id", "sender", "target", "username", "version", "disabled", "password", "logged_on", "messages_per_second", "switches"])
                    .ToArray().Select(name => CtlVerb.Text(p, name)),
                reset,
            ];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        TableOutput.Write(table);
        return ExitCode.Success;
    }
}
