using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Exchange.Host.Operations;

namespace Exchange.Host.Commands.Ctl;

/// <summary>What the verbs of `exchange ctl` have in common: asking, telling, and an exit code.</summary>
internal static class CtlVerb
{
    /// <summary>How long a member may take for something that is done at once.</summary>
    public static readonly TimeSpan Quick = TimeSpan.FromSeconds(10);

    /// <summary>How long a member may stay silent while it works on something.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    /// <summary>Builds a verb.</summary>
    public static Command Create(string name, string description, IEnumerable<Option> options, Func<ParseResult, CancellationToken, Task<int>> run)
    {
        Command command = new(name, description);
        foreach (Option option in options)
        {
            command.Add(option);
        }

        command.SetAction(run);
        return command;
    }

    /// <summary>Builds a verb that asks the leader one thing and tells its answer in one line.</summary>
    public static Command CreateForLeader(
        string name, string description, IEnumerable<Option> options, Func<ParseResult, JsonObject> request, Func<JsonObject, string> words, TimeSpan limit) =>
        Create(name, description, options, async (parsed, stop) =>
        {
            JsonObject answer = await CtlSwitches.Operator(parsed, mayBeAlone: true).AskLeaderAsync(request(parsed), Progress(parsed), limit, stop).ConfigureAwait(false);
            return Tell(parsed, answer, words);
        });

    /// <summary>Where lines of progress go.</summary>
    public static Action<string> Progress(ParseResult parsed) => parsed.GetValue(CtlSwitches.Json) ? Console.Error.WriteLine : Console.WriteLine;

    /// <summary>Writes an answer and gives its exit code: 0 when it is ok, otherwise 1 with its error on standard error.</summary>
    public static int Tell(ParseResult parsed, JsonObject answer, Func<JsonObject, string> words)
    {
        bool isOk = IsOk(answer);
        if (parsed.GetValue(CtlSwitches.Json))
        {
            WriteJson(answer);
        }
        else if (isOk)
        {
            Console.WriteLine(words(answer));
        }

        if (!isOk)
        {
            Console.Error.WriteLine($"exchange: {answer["error"]?.ToString() ?? "refused"}");
        }

        return isOk ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>Writes an object for programs.</summary>
    public static void WriteJson(JsonObject json) => Console.WriteLine(json.ToJsonString(s_indented));

    /// <summary>Whether a member did what it was asked.</summary>
    public static bool IsOk(JsonObject answer) => MemberReport.FlagOf(answer, "ok");

    /// <summary>A field of an answer as text.</summary>
    public static string Text(JsonObject answer, string name) => answer[name]?.ToString() ?? "?";
}
