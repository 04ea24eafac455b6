using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Host.Configuration;

/// <summary>The fields of a record of the participants file that say to which firm a participant belongs, and which accounts that firm has.</summary>
internal static class FirmRecord
{
    /// <summary>The fields; colo-deploy/development/participants.yaml says what each means.</summary>
    public static IReadOnlyList<string> Fields { get; } = ["firm", "defaultAccount", "accounts", "selfTrade"];

    /// <summary>The command that puts a participant into a firm.</summary>
    public static AssignFirmCommand Assign(int sessionId, string firm, string defaultAccount)
    {
        AssignFirmCommand command = new()
        {
            Header = RiskRecord.Header(CommandType.AssignFirm, AssignFirmCommand.SizeBytes),
            Firm = Text16.From(firm),
            DefaultAccount = RiskRecord.AccountOf(defaultAccount),
        };
        command.Header.SessionId = sessionId;
        return command;
    }

    /// <summary>The commands that seed firms and accounts, in the order of the participants; firms' modes of self-trade prevention are noted.</summary>
    /// <param name="records">The records of the file, each the participant with that session id.</param>
    /// <param name="modes">Takes the mode of each firm that states one.</param>
    /// <param name="firms">Takes the names of all firms.</param>
    /// <exception cref="HostException">A field is wrong, or two participants of a firm contradict each other.</exception>
    public static List<byte[]> Read(IReadOnlyList<YamlRecord> records, Dictionary<string, SelfTradeMode> modes, HashSet<string> firms)
    {
        List<byte[]> commands = [];
        for (int id = 0; id < records.Count; id++)
        {
            YamlRecord record = records[id];
            string sender = record.Text("sender", Text40.LengthMax);
            string firm = record.Text("firm", Text16.LengthMax, sender.Length <= Text16.LengthMax ? sender : sender[..Text16.LengthMax]);
            firms.Add(firm);
            if (record.Has("firm") || record.Has("defaultAccount"))
            {
                commands.Add(SeedFiles.Bytes(Assign(id, firm, record.Text("defaultAccount", Text16.LengthMax, "-"))));
            }

            foreach (string account in record.Words("accounts", string.Empty))
            {
                if (account.Length > Text16.LengthMax)
                {
                    throw record.Error("accounts", $"'{account}' is longer than the {Text16.LengthMax} characters that an account may have");
                }

                commands.Add(SeedFiles.Bytes(RiskRecord.List(Text16.From(firm), RiskRecord.AccountOf(account))));
            }

            if (record.Has("selfTrade"))
            {
                SelfTradeMode mode = RiskRecord.SelfTrade(record, "selfTrade", SelfTradeMode.None);
                if (modes.TryGetValue(firm, out SelfTradeMode other) && other != mode)
                {
                    throw record.Error("selfTrade", $"is another one than that of an earlier participant of the firm {firm}");
                }

                modes[firm] = mode;
            }
        }

        return commands;
    }
}
