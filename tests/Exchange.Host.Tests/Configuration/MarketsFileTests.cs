using Exchange.Host.Configuration;
using Exchange.Host.Processes;
using Exchange.Protocol;
using Exchange.Protocol.Commands;

namespace Exchange.Host.Tests.Configuration;

public sealed class MarketsFileTests
{
    private const long HourNs = 3_600_000_000_000;

    // Monday, 16 November 2026, midnight UTC.
    private const long MondayNs = 1_794_787_200_000_000_000;

    [Fact]
    public void A_record_becomes_the_command_that_defines_the_group()
    {
        DefineMarketGroupCommand command = Assert.Single(MarketsFile.Parse("m.yaml", """
            groups:
              - name: XETR
                zone: Europe/Berlin
                schedule: "Mon-Fri 09:00 continuous; Mon-Fri 08:00 pre-open; Sat,Sun 12:30:15 closed"
                failoverCancelOnlySec: 10
                failoverAuctionSec: 30
            """));
        Assert.Equal(("XETR", "Europe/Berlin", 3), (command.GroupName.ToString(), command.Zone.ToString(), command.EntryCount));
        Assert.Equal((8 * 3_600, 0b0111110, MarketPhase.PreOpen), (command.Entries[0].TimeOfDaySec, command.Entries[0].Days, command.Entries[0].Phase));
        Assert.Equal((45_015, 0b1000001, MarketPhase.Closed), (command.Entries[2].TimeOfDaySec, command.Entries[2].Days, command.Entries[2].Phase));
        Assert.Equal((10_000_000_000, 30_000_000_000, 1), (command.FailoverCancelOnlyNs, command.FailoverAuctionNs, command.FailoverAuction));
    }

    [Theory]
    [InlineData("- { name: A, zone: Nowhere/City }", "m.yaml line 2: field zone: 'Nowhere/City' is no time zone")]
    [InlineData("- { name: A, schedule: Mon }", "m.yaml line 2: field schedule: 'Mon' must be DAYS HH:MM PHASE")]
    [InlineData("- { name: A, schedule: Mon 25:00 closed }", "field schedule: 'Mon 25:00 closed' must be DAYS HH:MM PHASE")]
    [InlineData("- { name: A, schedule: Mon 10:00 open }", "phases are closed, pre-open, opening")]
    [InlineData("- { name: A, schedule: Monday 10:00 closed }", "field schedule: 'Monday 10:00 closed'")]
    [InlineData("- { name: A, schedule: \"daily 10:00 closed; Mon 10:00 halt\" }", "field schedule: A: schedule: two phases begin 36000 s after midnight of the same day")]
    [InlineData("- { name: A, phase: open }", "field phase: 'open' must be one of closed")]
    [InlineData("- { name: A, failoverAuctionSec: 10 }", "field failoverAuctionSec: comes behind a time of cancels only")]
    [InlineData("- { name: A, failoverCancelOnlySec: -1 }", "field failoverCancelOnlySec: '-1' must be a whole number")]
    [InlineData("- { name: A }\n  - { name: A }", "m.yaml line 3: field name: 'A' is defined twice")]
    [InlineData("- { name: A name }", "field name: 'A name' must be 1 to 15 printable ASCII characters")]
    [InlineData("- { name: A, colour: red }", "field colour: is not known")]
    public void A_mistake_is_one_line_with_file_line_field_and_what_is_allowed(string record, string expected)
    {
        HostException error = Assert.Throws<HostException>(() => MarketsFile.Parse("m.yaml", "groups:\n  " + record));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
    }

    [Fact]
    public void A_group_begins_in_the_phase_that_its_schedule_has_and_goes_on_with_the_next()
    {
        DefineMarketGroupCommand command = Assert.Single(MarketsFile.Parse("m.yaml", "groups:\n  - { name: A, schedule: \"Mon-Fri 08:00 pre-open; Mon-Fri 09:00 continuous; Mon-Fri 17:00 closed\" }"));
        Assert.Equal(MarketPhase.Closed, PhaseTimetable.PhaseAt(in command, MondayNs));
        Assert.Equal(MarketPhase.PreOpen, PhaseTimetable.PhaseAt(in command, MondayNs + (8 * HourNs)));
        Assert.Equal(MarketPhase.Continuous, PhaseTimetable.PhaseAt(in command, MondayNs + (12 * HourNs)));
        Assert.Equal((MondayNs + (17 * HourNs), MarketPhase.Closed), PhaseTimetable.NextOf(in command, TimeZoneInfo.Utc, MondayNs + (12 * HourNs)));

        // Behind Friday's last entry comes Monday's first.
        long fridayNs = MondayNs + (4 * 24 * HourNs) + (18 * HourNs);
        Assert.Equal((MondayNs + (7 * 24 * HourNs) + (8 * HourNs), MarketPhase.PreOpen), PhaseTimetable.NextOf(in command, TimeZoneInfo.Utc, fridayNs));
    }

    [Fact]
    public void Main_gets_the_phase_of_its_schedule_by_a_command_of_its_own()
    {
        List<DefineMarketGroupCommand> groups = MarketsFile.Parse("m.yaml", "groups:\n  - { name: MAIN, phase: closed }\n  - { name: NIGHT, phase: halt }");
        List<byte[]> seed = [.. MarketsFile.Seed(groups, MondayNs)];
        Assert.Equal([DefineMarketGroupCommand.SizeBytes, SetPhaseCommand.SizeBytes, DefineMarketGroupCommand.SizeBytes], seed.Select(static command => command.Length));
    }

    [Fact]
    public void An_instrument_of_an_unknown_group_is_a_mistake()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "instruments:\n  - { symbol: A, tick: 1, quantityStep: 1, quantityMax: 3, priceMax: 9, group: NIGHT }");
            HostException error = Assert.Throws<HostException>(() => SeedFiles.Check(file, null));
            Assert.Contains("A: field group: there is no market group 'NIGHT'; define it in the file given by --markets", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
