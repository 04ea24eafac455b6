using Exchange.Host.Conformance;

namespace Exchange.Host.Tests.Conformance;

/// <summary>What the player finds wrong with an acceptor, and what it lets pass.</summary>
public sealed class ScenarioPlayerTests
{
    private const string Order = "> logon\n> 35=D 11=<id> 38=100\n";

    [Fact]
    public void An_acceptor_that_does_as_told_passes()
    {
        ScenarioResult result = Play(Order + "< 35=8 11=<id> 150=0 37=<order> 38=100 !44\n> 35=H 37=<order>\n< 35=8 37=<order> 150=I\n> logout", message => message.MsgType switch
        {
            "D" => [$"35=8|11={message[11]}|37=7|150=0|38=100.00|"],
            _ => [$"35=8|37={message[37]}|150=I|"],
        });
        Assert.True(result.Outcome == ScenarioOutcome.Passed, result.Difference + result.Received);
        Assert.True(result.Elapsed > TimeSpan.Zero);
        Assert.StartsWith("passed  4.4     x.txt", Assert.Single(ConformanceReport.Lines(result)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("35=8|11=other|150=0|", "11: wanted C")]
    [InlineData("35=8|150=0|", "11: wanted <id>, received nothing")]
    [InlineData("35=9|11=x|150=0|", "35: wanted 8, received 9")]
    [InlineData("35=8|11=ID|150=0|44=1|", "44: must be absent, received 1")]
    [InlineData("!,35=8|11=ID|150=0|", "34: wanted 2, as no number may be left out or come twice, received 3")]
    [InlineData("", "nothing was received in time")]
    [InlineData("close", "the acceptor has closed the connection")]
    [InlineData("35=8|11=ID|150=0|,35=8|11=ID|150=0|", "received after the end of the scenario")]
    [InlineData("35=8|11=ID|58=|150=0|", "received something that is no FIX message: field 58 has no value")]
    public void A_difference_is_named_with_its_line(string answer, string difference)
    {
        ScenarioResult result = Play(Order + "< 35=8 11=<id> 150=0 !44", message => answer.Replace("ID", message[11], StringComparison.Ordinal).Split(',', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(ScenarioOutcome.Failed, result.Outcome);
        Assert.StartsWith(difference, result.Difference, StringComparison.Ordinal);
        Assert.Equal(difference.Contains("after the end", StringComparison.Ordinal) ? null : 6, result.Step?.Line);
        Assert.Contains(ConformanceReport.Lines(result), line => line.Contains(difference, StringComparison.Ordinal));
        Assert.Contains("\"failed\": 1", ConformanceReport.Json([result]), StringComparison.Ordinal);
        Assert.Equal("0 passed, 1 failed, 0 skipped", ConformanceReport.Total([result]));
    }

    [Fact]
    public void An_acceptor_that_should_close_and_does_not_fails()
    {
        ScenarioResult result = Play(Order + "< disconnect", _ => []);
        Assert.Equal("the acceptor has not closed the connection in time", result.Difference);
    }

    [Fact]
    public void A_message_that_comes_too_early_fails()
    {
        ScenarioResult result = Play(Order + "< 35=8 (after 5 to 9 s)", _ => ["35=8|"]);
        Assert.StartsWith("came after 0.", result.Difference, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_while_nothing_may_come_fails()
    {
        ScenarioResult result = Play(Order + "wait 60", _ => ["35=8|"]);
        Assert.Equal("nothing may be received meanwhile", result.Difference);
        Assert.Contains("35=8|", result.Received, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_versions_and_missing_clients_are_skipped()
    {
        Assert.Equal("is for 4.2", Play("> logon", _ => [], versions: "4.2").Difference);
        ScenarioResult result = Play("B> logon", _ => []);
        Assert.Equal(ScenarioOutcome.Skipped, result.Outcome);
        Assert.Contains("--second-sender", result.Difference, StringComparison.Ordinal);
    }

    [Fact]
    public void What_needs_an_operator_is_skipped_without_one()
    {
        ScenarioResult result = Play("> logon\noperator news", _ => []);
        Assert.Equal(ScenarioOutcome.Skipped, result.Outcome);
        Assert.Contains("--operator", result.Difference, StringComparison.Ordinal);
        Assert.Equal(ScenarioOutcome.Passed, Play("> logon\n[4.2] operator news", _ => []).Outcome);
    }

    [Fact]
    public void The_operator_gets_the_words_of_the_line_behind_its_own()
    {
        const string Steps = "> logon\noperator test <sender> = \"ME\"";
        Assert.Equal(ScenarioOutcome.Passed, Play(Steps, _ => [], operatorCommand: ["env"]).Outcome);
        ScenarioResult refused = Play(Steps + "X", _ => [], operatorCommand: ["env"]);
        Assert.StartsWith("the operator's command ended with 1", refused.Difference, StringComparison.Ordinal);
        Assert.Equal(5, refused.Step?.Line);
        Assert.StartsWith("the operator's command does not start", Play(Steps, _ => [], operatorCommand: ["no-such-program"]).Difference, StringComparison.Ordinal);
    }

    [Fact]
    public void When_nobody_can_log_on_the_rest_is_skipped()
    {
        using MiniAcceptor acceptor = new(_ => []) { IsClosed = true };
        ConformanceOptions options = new() { Address = acceptor.Address, Senders = ["ME"], Target = "YOU", Patience = TimeSpan.FromMilliseconds(300) };
        Scenario scenario = ScenarioFile.Parse("x.txt", "title: T\nrule: R\nversions: all\n> logon\n");
        List<ScenarioResult> results = [.. new ScenarioPlayer(options).Play([scenario, scenario, scenario], ScenarioVersion.Find("4.4")!, CancellationToken.None)];
        Assert.Equal([ScenarioOutcome.Failed, ScenarioOutcome.Skipped, ScenarioOutcome.Skipped], results.Select(result => result.Outcome));
        Assert.All(results, result => Assert.StartsWith("ME cannot log on", result.Difference, StringComparison.Ordinal));
    }

    [Fact]
    public void Raw_bytes_are_counted_where_asked()
    {
        string? received = null;
        ScenarioResult result = Play("> logon\n> raw 8=<begin>|9=0<length>|35=D|34=<seq>|49=<sender>|56=<target>|52=<now>|10=<sum>|\n< 35=8", message =>
        {
            received = message.Readable;
            return ["35=8|"];
        });
        Assert.True(result.Outcome == ScenarioOutcome.Passed, result.Difference);
        Assert.Matches(@"^8=FIX\.4\.4\|9=0\d\d\|35=D\|34=2\|49=ME\|56=YOU\|52=", received);
    }

    private static ScenarioResult Play(string steps, Func<WireMessage, IEnumerable<string>> answers, string versions = "all", string[]? operatorCommand = null)
    {
        using MiniAcceptor acceptor = new(answers);
        ConformanceOptions options = new() { Address = acceptor.Address, Senders = ["ME"], Target = "YOU", Patience = TimeSpan.FromMilliseconds(1500), Operator = operatorCommand ?? [] };
        Scenario scenario = ScenarioFile.Parse("x.txt", $"title: T\nrule: R\nversions: {versions}\n{steps}\n");
        return new ScenarioPlayer(options).Play(scenario, ScenarioVersion.Find("4.4")!);
    }
}
