using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Exchange.Gateway.Authentication;
using Exchange.Protocol;
using Exchange.Protocol.Commands;

namespace Exchange.Host.Configuration;

/// <summary>
/// The files that seed an empty log. Once a log exists its own values stay in force, so that replicas cannot differ; a file that has
/// changed since is reported, not applied.
/// </summary>
internal static class SeedFiles
{
    private const string FingerprintFile = "seed.sha256";
    private const int CheckOnlyIterations = 1;
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Parses the files and throws the first mistake found.</summary>
    public static void Check(string? instrumentsFile, string? participantsFile, string? marketsFile = null)
    {
        _ = Instruments(instrumentsFile, Markets(marketsFile));
        (string source, string text) = Load(participantsFile, "participants.yaml");
        ParticipantsFile.Parse(source, text, CheckOnlyIterations);
        _ = Risk(participantsFile);
    }

    /// <summary>The commands that an empty log starts with.</summary>
    public static List<byte[]> Commands(string? instrumentsFile, string? participantsFile, TimeOnly dayEnd, string? marketsFile = null)
    {
        List<DefineMarketGroupCommand> groups = Markets(marketsFile);
        List<byte[]> commands = [Bytes(Venue(dayEnd)), .. MarketsFile.Seed(groups, (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick)];
        Instruments(instrumentsFile, groups).ForEach(command => commands.Add(Bytes(command)));
        (string source, string text) = Load(participantsFile, "participants.yaml");
        ParticipantsFile.Parse(source, text, participantsFile is null ? PasswordHasher.DevelopmentIterations : PasswordHasher.DefaultIterations).ForEach(command => commands.Add(Bytes(command)));
        commands.AddRange(Risk(participantsFile));
        return commands;
    }

    /// <summary>Remembers what the log in a member's directory was seeded with.</summary>
    public static void Remember(string memberDirectory, string? instrumentsFile, string? participantsFile, string? marketsFile = null) =>
        File.WriteAllText(Path.Combine(memberDirectory, FingerprintFile), Fingerprint(instrumentsFile, participantsFile, marketsFile));

    /// <summary>Whether the directory knows what its log was seeded with.</summary>
    public static bool IsRemembered(string memberDirectory) => File.Exists(Path.Combine(memberDirectory, FingerprintFile));

    /// <summary>Whether the files differ from those that seeded the log.</summary>
    public static bool DifferFromLog(string memberDirectory, string? instrumentsFile, string? participantsFile, string? marketsFile = null)
    {
        string path = Path.Combine(memberDirectory, FingerprintFile);
        return File.Exists(path) && File.ReadAllText(path).Trim() != Fingerprint(instrumentsFile, participantsFile, marketsFile);
    }

    private static string Fingerprint(string? instrumentsFile, string? participantsFile, string? marketsFile)
    {
        string all = Load(instrumentsFile, "instruments.yaml").Text + '\0' + Load(participantsFile, "participants.yaml").Text;

        // Logs that were seeded before there were market groups know a fingerprint of two files.
        all += marketsFile is null ? string.Empty : '\0' + YamlRecords.ReadFile(marketsFile);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all + Limits(participantsFile).Text)));
    }

    // Without a file there is the group MAIN alone, which every venue has.
    private static List<DefineMarketGroupCommand> Markets(string? marketsFile) => marketsFile is null ? [] : MarketsFile.Parse(marketsFile, YamlRecords.ReadFile(marketsFile));

    private static List<DefineInstrumentCommand> Instruments(string? instrumentsFile, List<DefineMarketGroupCommand> groups)
    {
        (string source, string text) = Load(instrumentsFile, "instruments.yaml");
        List<DefineInstrumentCommand> instruments = InstrumentsFile.Parse(source, text);
        foreach (DefineInstrumentCommand instrument in instruments)
        {
            string group = instrument.GroupName.ToString();
            if (group is not ("" or "MAIN") && !groups.Exists(known => known.GroupName.ToString() == group))
            {
                throw new HostException($"{source}: {instrument.Symbol}: field group: there is no market group '{group}'; define it in the file given by --markets", ExitCode.BadInput);
            }
        }

        return instruments;
    }

    // Firms, accounts and limits, behind the participants, whose ids they name.
    private static List<byte[]> Risk(string? participantsFile)
    {
        (string source, string text) = Load(participantsFile, "participants.yaml");
        Dictionary<string, SelfTradeMode> modes = new(StringComparer.Ordinal);
        HashSet<string> firms = new(StringComparer.Ordinal);
        List<byte[]> commands = ParticipantsFile.Firms(source, text, modes, firms);
        foreach ((string firm, SelfTradeMode mode) in modes)
        {
            commands.Add(Bytes(RiskRecord.SelfTradeOnly(firm, mode)));
        }

        (source, text) = Limits(participantsFile);
        if (text.Length != 0)
        {
            string limits = source;
            commands.AddRange(LimitsFile.Parse(source, text, firm => firms.Contains(firm)
                ? modes.GetValueOrDefault(firm)
                : throw new HostException($"{limits}: there is no firm {firm}; firms are those that the participants file names, and one for each of its participants without one", ExitCode.BadInput)));
        }

        return commands;
    }

    // The limits file lies beside the participants file; there need not be one.
    private static (string Source, string Text) Limits(string? participantsFile)
    {
        string? path = participantsFile is null ? null : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(participantsFile))!, "limits.yaml");
        return path is not null && File.Exists(path) ? (path, YamlRecords.ReadFile(path)) : (string.Empty, string.Empty);
    }

    private static (string Source, string Text) Load(string? file, string builtIn)
    {
        if (file is not null)
        {
            return (file, YamlRecords.ReadFile(file));
        }

        Assembly assembly = typeof(SeedFiles).Assembly;
        using Stream stream = assembly.GetManifestResourceStream(builtIn) ?? throw new HostException($"{builtIn} is missing from the executable; build it anew");
        using StreamReader reader = new(stream);
        return (builtIn, reader.ReadToEnd());
    }

    /// <summary>The command that defines the venue.</summary>
    public static DefineVenueCommand Venue(TimeOnly dayEnd)
    {
        DefineVenueCommand command = default;
        command.Header.Type = CommandType.DefineVenue;
        command.Header.Layout = CommandHeader.CurrentLayout;
        command.Header.Length = DefineVenueCommand.SizeBytes;
        command.Header.SessionId = -1;
        command.DayEndNs = (long)dayEnd.ToTimeSpan().TotalSeconds * NanosecondsPerSecond;
        return command;
    }

    /// <summary>A command as it goes into a log.</summary>
    public static byte[] Bytes<T>(T command)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in command)).ToArray();
}
