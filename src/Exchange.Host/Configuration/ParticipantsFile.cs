using System.Security.Cryptography;
using System.Text;
using Exchange.Fix.Dictionary;
using Exchange.Gateway.Authentication;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Host.Configuration;

/// <summary>Reads the participants file; the format is described in colo-deploy/development/participants.yaml.</summary>
internal static class ParticipantsFile
{
    private static readonly string[] _fields =
    [
        "sender", "target", "username", "password", "noPassword", "version", "heartbeatMin", "heartbeatMax", "cancelOnDisconnect",
        "cancelGraceMs", "timestampDecimals", "openOrdersMax", "allowUnknownTags", "disabled",
    ];

    /// <summary>Parses a file's content into the commands that define its participants, passwords hashed with fresh salts.</summary>
    /// <param name="source">File name for messages.</param>
    /// <param name="text">Content.</param>
    /// <param name="passwordIterations">Iterations of PBKDF2.</param>
    public static List<DefineParticipantCommand> Parse(string source, string text, int passwordIterations)
    {
        List<DefineParticipantCommand> commands = [];
        HashSet<(string Sender, string Target)> seen = [];
        foreach (YamlRecord record in YamlRecords.Read(source, text, "participants", _fields))
        {
            string sender = record.Text("sender", Text40.LengthMax);
            string target = record.Text("target", Text40.LengthMax, "EXCH");
            if (!seen.Add((sender, target)))
            {
                throw record.Error("sender", $"'{sender}' with target '{target}' is defined twice");
            }

            DefineParticipantCommand command = default;
            command.Header.Type = CommandType.DefineParticipant;
            command.Header.Layout = CommandHeader.CurrentLayout;
            command.Header.Length = DefineParticipantCommand.SizeBytes;
            command.Header.SessionId = -1;
            command.SenderCompId = Text40.From(sender);
            command.TargetCompId = Text40.From(target);
            command.Username = Text40.From(record.Text("username", Text40.LengthMax, sender));
            command.BeginString = BeginString(record);
            command.Flags = Flags(record);
            SetPassword(record, ref command, passwordIterations);
            command.HeartBtIntMinSec = record.Integer("heartbeatMin", 1, 1, 3600);
            command.HeartBtIntMaxSec = record.Integer("heartbeatMax", 300, command.HeartBtIntMinSec, 86400);
            command.CancelOnDisconnectGraceNs = record.Integer("cancelGraceMs", 10_000, 0, 86_400_000) * 1_000_000L;
            command.TimestampDecimals = int.Parse(record.OneOf("timestampDecimals", "3", "0", "3", "6", "9"), System.Globalization.CultureInfo.InvariantCulture);
            command.OpenOrdersMax = record.Integer("openOrdersMax", 1_000_000, 0, 10_000_000);
            commands.Add(command);
        }

        return commands;
    }

    private static Text16 BeginString(YamlRecord record)
    {
        string version = record.OneOf("version", "any", "any", "4.2", "4.4", "5.0SP2");
        return version == "any" ? default : Text16.From(FixDictionaries.All.Single(dictionary => dictionary.Version == "FIX." + version).BeginString);
    }

    private static ParticipantFlags Flags(YamlRecord record)
    {
        ParticipantFlags flags = ParticipantFlags.None;
        flags |= record.Boolean("disabled") ? ParticipantFlags.Disabled : 0;
        flags |= record.Boolean("cancelOnDisconnect") ? ParticipantFlags.CancelOnDisconnect : 0;
        flags |= record.Boolean("noPassword") ? ParticipantFlags.NoPassword : 0;
        flags |= record.Boolean("allowUnknownTags") ? ParticipantFlags.AllowUnknownTags : 0;
        return flags;
    }

    private static void SetPassword(YamlRecord record, ref DefineParticipantCommand command, int iterations)
    {
        if ((command.Flags & ParticipantFlags.NoPassword) != 0)
        {
            if (record.Has("password"))
            {
                throw record.Error("password", "must be left out when noPassword is true");
            }

            return;
        }

        byte[] password = Encoding.UTF8.GetBytes(record.Text("password", PasswordHasher.PasswordLengthMax));
        PasswordHasher.SetPassword(ref command, password, iterations);
        CryptographicOperations.ZeroMemory(password);
    }
}
