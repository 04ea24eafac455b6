using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Exchange.Host.Conformance;

/// <summary>Results for people, line by line, and for programs.</summary>
internal static class ConformanceReport
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    /// <summary>One result: a line, and for a failure what was expected and what was received.</summary>
    public static IEnumerable<string> Lines(ScenarioResult result)
    {
        string outcome = result.Outcome switch
        {
            ScenarioOutcome.Passed => "passed",
            ScenarioOutcome.Skipped => "skipped",
            _ => "FAILED",
        };
        string time = result.Outcome == ScenarioOutcome.Skipped ? "" : string.Create(CultureInfo.InvariantCulture, $"{result.Elapsed.TotalMilliseconds:F0} ms");
        yield return string.Create(CultureInfo.InvariantCulture, $"{outcome,-8}{result.Version.Name,-8}{result.Scenario.Name,-48}{time,9}  {result.Scenario.Title}").TrimEnd();
        if (result.Outcome != ScenarioOutcome.Failed)
        {
            yield break;
        }

        yield return result.Step is null ? "        outside of its lines" : string.Create(CultureInfo.InvariantCulture, $"        line {result.Step.Line}:  {result.Step.Text}");
        yield return "        difference: " + result.Difference;
        if (result.Received is not null)
        {
            yield return "        received: " + result.Received;
        }
    }

    /// <summary>The last line.</summary>
    public static string Total(IReadOnlyCollection<ScenarioResult> results) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Count(results, ScenarioOutcome.Passed)} passed, {Count(results, ScenarioOutcome.Failed)} failed, {Count(results, ScenarioOutcome.Skipped)} skipped");

    /// <summary>All results as one JSON document.</summary>
    public static string Json(IReadOnlyCollection<ScenarioResult> results)
    {
        JsonArray scenarios = [];
        foreach (ScenarioResult result in results)
        {
            scenarios.Add(new JsonObject
            {
                ["scenario"] = result.Scenario.Name,
                ["title"] = result.Scenario.Title,
                ["case"] = result.Scenario.Case,
                ["version"] = result.Version.Name,
                ["outcome"] = result.Outcome.ToString(),
                ["milliseconds"] = (long)result.Elapsed.TotalMilliseconds,
                ["line"] = result.Step?.Line,
                ["expected"] = result.Step?.Text,
                ["difference"] = result.Difference,
                ["received"] = result.Received,
            });
        }

        return new JsonObject
        {
            ["passed"] = Count(results, ScenarioOutcome.Passed),
            ["failed"] = Count(results, ScenarioOutcome.Failed),
            ["skipped"] = Count(results, ScenarioOutcome.Skipped),
            ["scenarios"] = scenarios,
        }.ToJsonString(_indented);
    }

    private static int Count(IReadOnlyCollection<ScenarioResult> results, ScenarioOutcome outcome) => results.Count(result => result.Outcome == outcome);
}
