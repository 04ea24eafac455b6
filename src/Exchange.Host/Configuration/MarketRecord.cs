using System.Globalization;
using Exchange.Core.Markets;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Host.Configuration;

/// <summary>One market group as people write it: a record of the markets file.</summary>
internal static class MarketRecord
{
    private const long SecondNs = 1_000_000_000;
    private const int DayMaxSec = 86_400;
    private const int AllDays = 127;

    private static readonly string[] s_days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    /// <summary>The words for phases, in files and on the command line.</summary>
    public static IReadOnlyList<(string Word, MarketPhase Phase)> Phases { get; } =
    [
        ("closed", MarketPhase.Closed), ("pre-open", MarketPhase.PreOpen), ("opening", MarketPhase.OpeningAuction), ("continuous", MarketPhase.Continuous),
        ("volatility", MarketPhase.VolatilityAuction), ("closing", MarketPhase.ClosingAuction), ("halt", MarketPhase.Halt), ("cancel-only", MarketPhase.CancelOnly),
    ];

    /// <summary>The fields that a record may have; colo-deploy/development/markets.yaml says what each means.</summary>
    public static IReadOnlyList<string> Fields { get; } = ["name", "zone", "phase", "schedule", "failoverCancelOnlySec", "failoverAuctionSec"];

    /// <summary>The phase that a word stands for.</summary>
    public static bool TryPhase(string word, out MarketPhase phase)
    {
        foreach ((string known, MarketPhase meant) in Phases)
        {
            if (known == word)
            {
                phase = meant;
                return true;
            }
        }

        phase = MarketPhase.Group;
        return false;
    }

    /// <summary>The command that defines the group.</summary>
    /// <exception cref="HostException">A field is wrong; the message names it, and what is allowed.</exception>
    public static DefineMarketGroupCommand Read(YamlRecord record)
    {
        DefineMarketGroupCommand command = default;
        command.Header.Type = CommandType.DefineMarketGroup;
        command.Header.Layout = CommandHeader.CurrentLayout;
        command.Header.Length = DefineMarketGroupCommand.SizeBytes;
        command.Header.SessionId = -1;
        command.GroupName = Text16.From(record.Text("name", Text16.LengthMax));
        string zone = record.Text("zone", Text40.LengthMax, "UTC");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            throw record.Error("zone", $"'{zone}' is no time zone that this box knows; use an IANA name such as Europe/Berlin");
        }

        command.Zone = Text40.From(zone);
        command.InitialPhase = record.Has("phase") ? PhaseOf(record) : MarketPhase.Group;
        command.FailoverCancelOnlyNs = record.Integer("failoverCancelOnlySec", 0, 0, DayMaxSec) * SecondNs;
        command.FailoverAuctionNs = record.Integer("failoverAuctionSec", 0, 0, DayMaxSec) * SecondNs;
        command.FailoverAuction = (byte)(command.FailoverAuctionNs != 0 ? 1 : 0);
        if (command.FailoverAuction != 0 && command.FailoverCancelOnlyNs == 0)
        {
            throw record.Error("failoverAuctionSec", "comes behind a time of cancels only; give failoverCancelOnlySec, too");
        }

        SetSchedule(record, ref command);
        if (MarketGroupDefinition.Check(in command) is { } fault)
        {
            throw record.Error("schedule", $"{command.GroupName}: {fault}");
        }

        return command;
    }

    private static MarketPhase PhaseOf(YamlRecord record)
    {
        string word = record.OneOf("phase", "continuous", [.. Phases.Select(static entry => entry.Word)]);
        _ = TryPhase(word, out MarketPhase phase);
        return phase;
    }

    // "Mon-Fri 09:00 pre-open; Mon-Fri 09:30 continuous; daily 22:00 closed"
    private static void SetSchedule(YamlRecord record, ref DefineMarketGroupCommand command)
    {
        if (!record.Has("schedule"))
        {
            return;
        }

        List<PhaseEntry> entries = [];
        foreach (string entry in record.Line("schedule").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] words = entry.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != 3
                || !TryDays(words[0], out byte days)
                || !TimeOnly.TryParseExact(words[1], ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time)
                || !TryPhase(words[2], out MarketPhase phase))
            {
                throw record.Error("schedule", $"'{entry}' must be DAYS HH:MM PHASE such as Mon-Fri 09:30 continuous; phases are {string.Join(", ", Phases.Select(static one => one.Word))}");
            }

            entries.Add(new PhaseEntry { Days = days, TimeOfDaySec = (int)time.ToTimeSpan().TotalSeconds, Phase = phase });
        }

        if (entries.Count > PhaseSchedule.CountMax)
        {
            throw record.Error("schedule", $"has {entries.Count} entries, the most are {PhaseSchedule.CountMax}");
        }

        foreach (PhaseEntry entry in entries.OrderBy(static entry => entry.TimeOfDaySec))
        {
            command.Entries[command.EntryCount++] = entry;
        }
    }

    // daily, Mon, Mon-Fri, Mon,Wed,Fri
    private static bool TryDays(string text, out byte days)
    {
        days = text == "daily" ? (byte)AllDays : (byte)0;
        foreach (string part in text == "daily" ? [] : text.Split(','))
        {
            string[] ends = part.Split('-');
            int first = Array.IndexOf(s_days, ends[0]);
            int last = Array.IndexOf(s_days, ends[^1]);
            if (first < 0 || last < 0 || ends.Length > 2)
            {
                return false;
            }

            for (int day = first; ; day = (day + 1) % s_days.Length)
            {
                days |= (byte)(1 << day);
                if (day == last)
                {
                    break;
                }
            }
        }

        return days != 0;
    }
}
