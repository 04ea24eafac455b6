using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Host.Configuration;

/// <summary>Reads the limits file; the format is described in colo-deploy/development/limits.yaml.</summary>
internal static class LimitsFile
{
    /// <summary>Parses a file's content into the commands that set limits and restrictions, in the order of the file.</summary>
    /// <param name="source">File name for messages.</param>
    /// <param name="text">Content.</param>
    /// <param name="modes">The mode of self-trade prevention that is known of a firm, which a record that states none keeps; throws for a firm that does not exist.</param>
    public static List<byte[]> Parse(string source, string text, Func<string, SelfTradeMode>? modes = null)
    {
        List<byte[]> commands = [];
        HashSet<(string Firm, string Account)> seen = [];
        foreach (YamlRecord record in YamlRecords.Read(source, text, "limits", RiskRecord.Fields))
        {
            SetLimitsCommand known = default;
            SelfTradeMode mode = modes?.Invoke(record.Text("firm", Text16.LengthMax)) ?? SelfTradeMode.None;
            known.SelfTradeMode = record.Has("account") ? SelfTradeMode.None : mode;

            SetLimitsCommand command = RiskRecord.Read(record, in known);
            string account = record.Has("account") ? record.Text("account", Text16.LengthMax) : string.Empty;
            if (!seen.Add((command.Firm.ToString(), account)))
            {
                throw record.Error("firm", $"'{command.Firm}'{(account.Length == 0 ? "" : $" account '{account}'")} is there twice");
            }

            commands.Add(SeedFiles.Bytes(command));
            commands.AddRange(RiskRecord.Restrictions(record).Select(static one => SeedFiles.Bytes(one)));
        }

        return commands;
    }
}
