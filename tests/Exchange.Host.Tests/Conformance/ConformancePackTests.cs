using Exchange.Host.Conformance;

namespace Exchange.Host.Tests.Conformance;

/// <summary>The pack that travels with the executable.</summary>
public sealed class ConformancePackTests
{
    // All but those of an initiator (1B) and 14-l, which is optional: no message is taken that cannot be processed, since without a leader
    // there is no connection.
    private static readonly string[] SessionCases =
    [
        "1S-a", "1S-b", "1S-c", "1S-d", "2-a", "2-b", "2-c", "2-d", "2-e", "2-f", "2-g", "2-h", "2-i", "2-j", "2-k", "2-l", "2-m", "2-n", "2-o", "2-p", "2-q", "2-r", "2-s", "2-t",
        "3-a", "3-b", "3-c", "4-a", "4-b", "5", "6", "7", "8", "9", "10-a", "10-b", "10-c", "10-d", "10-e", "11-a", "11-b", "11-c", "12", "13-a", "13-b",
        "14-a", "14-b", "14-c", "14-d", "14-e", "14-f", "14-g", "14-h", "14-i", "14-j", "14-k", "14-m", "14-n", "15", "16", "17", "18", "19-a", "19-b", "20",
    ];

    [Fact]
    public void Every_session_test_case_has_a_scenario()
    {
        List<Scenario> pack = ConformancePack.Load(ConformancePack.DefaultFolder);
        Assert.Empty(SessionCases.Except(pack.SelectMany(scenario => scenario.Case.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        Assert.Equal(pack.Count, pack.Select(scenario => scenario.Title).Distinct().Count());
    }

    [Fact]
    public void A_filter_finds_by_file_title_and_case()
    {
        List<Scenario> pack = ConformancePack.Load(ConformancePack.DefaultFolder);
        Assert.Equal("session/20-simultaneous-resends.txt", Assert.Single(ConformancePack.Filter(pack, "simultaneous")).Name);
        Assert.Contains(ConformancePack.Filter(pack, "19-b"), scenario => scenario.Name == "orders/possresend-known.txt");
        Assert.Equal(pack.Count, ConformancePack.Filter(pack, null).Count());
        Assert.Empty(ConformancePack.Filter(pack, "there is no such scenario"));
    }

    [Fact]
    public void A_folder_without_scenarios_is_no_pack()
    {
        HostException mistake = Assert.Throws<HostException>(() => ConformancePack.Load(Path.Combine(AppContext.BaseDirectory, "nowhere")));
        Assert.Equal(ExitCode.BadInput, mistake.ExitCode);
    }
}
