using System.Globalization;

namespace Exchange.Simulation;

/// <summary>Sums over many runs.</summary>
internal sealed class SimulationTotals
{
    private readonly List<RunResult> _results = [];

    public void Add(RunResult result) => _results.Add(result with { Story = [] });

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_results.Count} seeds, {_results.Sum(static r => r.Commits)} commits, {_results.Sum(static r => r.Trades)} trades, {_results.Sum(static r => r.TermsLed)} terms led, "
        + $"{_results.Sum(static r => r.Truncations)} truncations, {_results.Sum(static r => r.Snapshots)} snapshots, {_results.Sum(static r => r.Switchovers)} switchovers, "
        + $"{_results.Sum(static r => r.MembershipChanges)} membership changes, {_results.Sum(static r => r.Promotions)} promotions by force, "
        + $"{_results.Sum(static r => r.Installs)} snapshots installed from peers, {_results.Sum(static r => r.Refusals)} damaged logs refused, {_results.Sum(static r => r.Rebuilds)} rebuilds, "
        + $"{_results.Sum(static r => r.Elections)} elections won, {_results.Sum(static r => r.ContestedTerms)} terms contested, {_results.Sum(static r => r.Faults)} faults, {_results.Sum(static r => r.Messages)} messages of clients checked, "
        + $"{_results.Sum(static r => r.Resets)} resets, {_results.Sum(static r => r.RulesAccepted)} orders held against limits, {_results.Sum(static r => r.RulesRefused)} refusals compared, {_results.Sum(static r => r.SimulatedNs) / 1e9:F0} s simulated, {_results.Count(static r => r.Failure is not null)} failed");
}
