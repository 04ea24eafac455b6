using Exchange.Protocol;
using Exchange.Protocol.Commands;

namespace Exchange.Host.Configuration;

/// <summary>Reads the participants file; the format is described in colo-deploy/development/participants.yaml.</summary>
internal static class ParticipantsFile
{
    /// <summary>Parses a file's content into the commands that define its participants, passwords hashed with fresh salts.</summary>
    /// <param name="source">File name for messages.</param>
    /// <param name="text">Content.</param>
    /// <param name="passwordIterations">Iterations of PBKDF2.</param>
    public static List<DefineParticipantCommand> Parse(string source, string text, int passwordIterations)
    {
        List<DefineParticipantCommand> commands = [];
        HashSet<(string Sender, string Target)> seen = [];
        foreach (YamlRecord record in Records(source, text))
        {
            DefineParticipantCommand command = ParticipantRecord.Read(record, passwordIterations);
            string sender = command.SenderCompId.ToString();
            string target = command.TargetCompId.ToString();
            if (!seen.Add((sender, target)))
            {
                throw record.Error("sender", $"'{sender}' with target '{target}' is defined twice");
            }

            commands.Add(command);
        }

        return commands;
    }

    /// <summary>Parses a file's content into the commands that put its participants into firms, list accounts, and set self-trade prevention, behind those of <see cref="Parse"/>.</summary>
    /// <param name="source">File name for messages.</param>
    /// <param name="text">Content.</param>
    /// <param name="modes">Takes the mode of self-trade prevention of each firm that states one.</param>
    /// <param name="firms">Takes the names of all firms.</param>
    public static List<byte[]> Firms(string source, string text, Dictionary<string, SelfTradeMode> modes, HashSet<string> firms) =>
        FirmRecord.Read(Records(source, text), modes, firms);

    private static List<YamlRecord> Records(string source, string text) =>
        YamlRecords.Read(source, text, "participants", [.. ParticipantRecord.Fields, .. FirmRecord.Fields]);
}
