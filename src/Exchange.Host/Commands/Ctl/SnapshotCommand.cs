using System.CommandLine;
using System.Text.Json.Nodes;

namespace Exchange.Host.Commands.Ctl;

/// <summary>`exchange ctl snapshot`: takes a snapshot now.</summary>
internal static class SnapshotCommand
{
    /// <summary>Builds the verb.</summary>
    public static Command Create() => CtlVerb.CreateForLeader(
        "snapshot",
        "Take a snapshot now, without stopping anything.",
        [],
        static _ => new JsonObject { ["verb"] = "snapshot" },
        static answer => $"snapshot at position {CtlVerb.Text(answer, "position")}",
        CtlVerb.Long);
}
