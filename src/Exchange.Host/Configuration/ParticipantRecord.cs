using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Exchange.Fix.Dictionary;
using Exchange.Gateway.Authentication;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Host.Configuration;

/// <summary>One participant as people write it: a record of the participants file, or the settings of `exchange ctl participant add`.</summary>
internal static class ParticipantRecord
{
    /// <summary>The fields that a record may have; colo-deploy/development/participants.yaml says what each means.</summary>
    public static IReadOnlyList<string> Fields { get; } =
    [
        "sender", "target", "username", "password", "noPassword", "version", "heartbeatMin", "heartbeatMax", "resetOnLogon",
        "resetTime", "resetDays", "resetZone", "cancelOnDisconnect", "cancelGraceMs", "messagesPerSecond", "resendRequestsMax",
        "openOrdersMax", "timestampDecimals", "allowUnknownTags", "allowUserDefinedTags", "allowEmptyValues", "allowAnyFieldOrder",
        "checkCompIds", "checkLatency", "allowedAddresses", "certificateName", "disabled",
    ];

    private static readonly string[] s_days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    /// <summary>The command that defines the participant, its password hashed with a fresh salt.</summary>
    /// <param name="record">The record.</param>
    /// <param name="passwordIterations">Iterations of PBKDF2.</param>
    /// <param name="needsPassword">False when the password comes from elsewhere and must not be in the record.</param>
    /// <exception cref="HostException">A field is wrong; the message names it, and what is allowed.</exception>
    public static DefineParticipantCommand Read(YamlRecord record, int passwordIterations, bool needsPassword = true)
    {
        string sender = record.Text("sender", Text40.LengthMax);
        DefineParticipantCommand command = default;
        command.Header.Type = CommandType.DefineParticipant;
        command.Header.Layout = CommandHeader.CurrentLayout;
        command.Header.Length = DefineParticipantCommand.SizeBytes;
        command.Header.SessionId = -1;
        command.SenderCompId = Text40.From(sender);
        command.TargetCompId = Text40.From(record.Text("target", Text40.LengthMax, "EXCH"));
        command.Username = Text40.From(record.Text("username", Text40.LengthMax, sender));
        command.BeginString = BeginString(record);
        command.Flags = Flags(record);
        SetPassword(record, ref command, passwordIterations, needsPassword);
        command.HeartBtIntMinSec = record.Integer("heartbeatMin", 1, 1, 3600);
        command.HeartBtIntMaxSec = record.Integer("heartbeatMax", 300, command.HeartBtIntMinSec, 86400);
        command.CancelOnDisconnectGraceNs = record.Integer("cancelGraceMs", 10_000, 0, 86_400_000) * 1_000_000L;
        command.TimestampDecimals = int.Parse(record.OneOf("timestampDecimals", "3", "0", "3", "6", "9"), CultureInfo.InvariantCulture);
        command.OpenOrdersMax = record.Integer("openOrdersMax", 1_000_000, 0, 10_000_000);
        command.MessagesPerSecondMax = record.Integer("messagesPerSecond", 0, 0, 10_000_000);
        command.ResendRequestsMax = record.Integer("resendRequestsMax", 0, 0, 1_000_000);
        command.CertificateName = Text64.From(record.Has("certificateName") ? record.Text("certificateName", Text64.LengthMax) : string.Empty);
        SetSchedule(record, ref command);
        SetAddresses(record, ref command.AllowedAddresses);
        return command;
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
        flags |= record.Boolean("resetOnLogon") ? ParticipantFlags.ResetOnLogon : 0;
        flags |= record.Boolean("allowUnknownTags") ? ParticipantFlags.AllowUnknownTags : 0;
        flags |= record.Boolean("allowUserDefinedTags") ? ParticipantFlags.AllowUserDefinedTags : 0;
        flags |= record.Boolean("allowEmptyValues") ? ParticipantFlags.AllowEmptyValues : 0;
        flags |= record.Boolean("allowAnyFieldOrder") ? ParticipantFlags.AllowAnyFieldOrder : 0;
        flags |= record.Boolean("checkCompIds", whenAbsent: true) ? 0 : ParticipantFlags.SkipCompIdCheck;
        flags |= record.Boolean("checkLatency", whenAbsent: true) ? 0 : ParticipantFlags.SkipLatencyCheck;
        return flags;
    }

    private static void SetPassword(YamlRecord record, ref DefineParticipantCommand command, int iterations, bool needsPassword)
    {
        bool hasNone = (command.Flags & ParticipantFlags.NoPassword) != 0;
        if (hasNone || !needsPassword)
        {
            if (record.Has("password"))
            {
                throw record.Error("password", hasNone ? "must be left out when noPassword is true" : "must not be given here");
            }

            return;
        }

        byte[] password = Encoding.UTF8.GetBytes(record.Text("password", PasswordHasher.PasswordLengthMax));
        PasswordHasher.SetPassword(ref command, password, iterations);
        CryptographicOperations.ZeroMemory(password);
    }

    private static void SetSchedule(YamlRecord record, ref DefineParticipantCommand command)
    {
        if (!record.Has("resetTime"))
        {
            foreach (string field in (ReadOnlySpan<string>)["resetDays", "resetZone"])
            {
                if (record.Has(field))
                {
                    throw record.Error(field, "needs resetTime beside it, the time of day at which the session is reset");
                }
            }

            return;
        }

        string time = record.Text("resetTime", 8);
        if (!TimeOnly.TryParseExact(time, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly timeOfDay))
        {
            throw record.Error("resetTime", $"'{time}' must be a time of day, HH:MM or HH:MM:SS");
        }

        command.ResetTimeOfDaySec = (int)timeOfDay.ToTimeSpan().TotalSeconds;
        command.ResetDays = Days(record);
        string zone = record.Text("resetZone", Text40.LengthMax, "UTC");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            throw record.Error("resetZone", $"'{zone}' is no time zone that this box knows; use an IANA name such as America/New_York, or install tzdata");
        }

        command.ResetZone = Text40.From(zone);
    }

    private static int Days(YamlRecord record)
    {
        int days = 0;
        foreach (string word in record.Words("resetDays", "daily"))
        {
            int day = Array.IndexOf(s_days, word);
            if (day < 0 && word != "daily")
            {
                throw record.Error("resetDays", $"'{word}' must be daily, or days of the week: {string.Join(' ', s_days)}");
            }

            days |= day < 0 ? 127 : 1 << day;
        }

        return days;
    }

    private static void SetAddresses(YamlRecord record, ref AddressRanges ranges)
    {
        string[] words = record.Words("allowedAddresses", string.Empty);
        if (words.Length > AddressRanges.CountMax)
        {
            throw record.Error("allowedAddresses", $"{words.Length} ranges are more than the {AddressRanges.CountMax} that there may be");
        }

        for (int i = 0; i < words.Length; i++)
        {
            if (!TryParse(words[i], out ranges[i]))
            {
                throw record.Error("allowedAddresses", $"'{words[i]}' must be an IP address, or a range such as 10.1.0.0/16 or 2001:db8::/32; to allow all, leave the field out");
            }
        }
    }

    private static bool TryParse(string word, out AddressRange range)
    {
        range = default;
        string cidr = word.Contains('/', StringComparison.Ordinal) ? word : word + (word.Contains(':', StringComparison.Ordinal) ? "/128" : "/32");
        if (!IPNetwork.TryParse(cidr, out IPNetwork network))
        {
            return false;
        }

        bool isMapped = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;
        range.PrefixLength = network.PrefixLength + (isMapped ? 96 : 0);
        network.BaseAddress.MapToIPv6().TryWriteBytes(range.Address, out _);
        return range.IsUsed;
    }
}
