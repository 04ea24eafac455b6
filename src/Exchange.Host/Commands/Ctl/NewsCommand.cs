using System.CommandLine;
using System.Text.Json.Nodes;

namespace Exchange.Host.Commands.Ctl;

/// <summary>`exchange ctl news`: tells something to every client that is logged on.</summary>
internal static class NewsCommand
{
    private static readonly Option<string> s_headline = new("--headline") { Description = "Headline (148), at most 128 characters.", Required = true };
    private static readonly Option<string[]> s_text = new("--text") { Description = "Text (58), at most 512 characters in all; give it several times for several lines.", Required = true };
    private static readonly Option<string> s_urgency = new("--urgency") { Description = "normal, flash or background.", DefaultValueFactory = static _ => "normal" };

    /// <summary>Builds the verb.</summary>
    public static Command Create() => CtlVerb.CreateForLeader(
        "news",
        "Send News (B) to every session that is logged on. It goes through the log and takes a sequence number of each.",
        [s_headline, s_text, s_urgency],
        static parsed => new JsonObject
        {
            ["verb"] = "news",
            ["headline"] = parsed.GetValue(s_headline),
            ["text"] = string.Join('\n', parsed.GetValue(s_text)!),
            ["urgency"] = parsed.GetValue(s_urgency),
        },
        static answer => $"news at position {CtlVerb.Text(answer, "position")}",
        CtlVerb.Quick);
}
