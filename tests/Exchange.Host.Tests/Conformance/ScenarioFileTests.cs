using Exchange.Host.Conformance;

namespace Exchange.Host.Tests.Conformance;

/// <summary>What a scenario file may say, and where the reader finds what is wrong with one.</summary>
public sealed class ScenarioFileTests
{
    private const string Head = "title: T\nrule: R\nversions: all\n";

    [Fact]
    public void A_scenario_is_read_as_it_is_written()
    {
        Scenario scenario = ScenarioFile.Parse("orders/x.txt", "title: An order\nrule: It is\n      answered.\ncase: 2-a\nversions: 4.4+\n\n# remark\n> connect\n[5.0SP2] > 35=A 98=0\nB< 35=8 58=\"two words\" !44 [4.4]150=F (after 0.5 to 2 s)\nwait 1.5\n> raw 8=FIX|\n< disconnect\n");
        Assert.Equal("It is answered.", scenario.Rule);
        Assert.Equal("2-a", scenario.Case);
        Assert.Equal("4.4 5.0SP2", scenario.Versions.ToString());
        Assert.Equal(2, scenario.ClientCount);
        Assert.Equal([typeof(ConnectStep), typeof(SendStep), typeof(ReceiveStep), typeof(WaitStep), typeof(SendRawStep), typeof(AwaitCloseStep)], scenario.Steps.Select(step => step.GetType()));
        Assert.Equal("5.0SP2", scenario.Steps[1].Versions.ToString());
        ReceiveStep receive = Assert.IsType<ReceiveStep>(scenario.Steps[2]);
        Assert.Equal(10, receive.Line);
        Assert.Equal(new TimeRange(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(2)), receive.Within);
        Assert.Equal(["35=8", "58=two words", "44!", "150=F"], receive.Fields.Select(field => field.IsAbsent ? $"{field.Tag}!" : $"{field.Tag}={field.Value}"));
        Assert.Equal("4.4", receive.Fields[3].Versions.ToString());
        Assert.Equal("8=FIX|", Assert.IsType<SendRawStep>(scenario.Steps[4]).Template);
    }

    [Fact]
    public void What_an_operator_does_is_read_word_by_word()
    {
        Scenario scenario = ScenarioFile.Parse("x.txt", Head + "[4.4] operator news --headline \"Trading halt\" --to <sender>");
        OperatorStep step = Assert.IsType<OperatorStep>(Assert.Single(scenario.Steps));
        Assert.Equal(["news", "--headline", "Trading halt", "--to", "<sender>"], step.Words);
        Assert.Equal("4.4", step.Versions.ToString());
    }

    [Fact]
    public void A_logon_with_a_heartbeat_of_its_own_expects_it_back()
    {
        Scenario scenario = ScenarioFile.Parse("x.txt", Head + "> logon 108=1 141=Y");
        Assert.Contains(Assert.IsType<SendStep>(scenario.Steps[1]).Fields, field => field is { Tag: 108, Value: "1" });
        Assert.Contains(Assert.IsType<ReceiveStep>(scenario.Steps[2]).Fields, field => field is { Tag: 108, Value: "1" });
    }

    [Theory]
    [InlineData("rule: R\nversions: all\n> logon", "x.txt:3: 'title:' is missing")]
    [InlineData("title: T\ntitle: T\n", "x.txt:2: 'title:' is unknown, empty or there twice")]
    [InlineData("title: T\ncolor: red\n", "x.txt:2: 'color:' is unknown")]
    [InlineData("title: T\nrule: R\nversions: 4.3\n> logon", "x.txt:4: versions: '4.3' is none")]
    [InlineData(Head, "x.txt:4: nothing happens in it")]
    [InlineData(Head + "> 35=A abc=1", "x.txt:4: 'abc=1' is no field")]
    [InlineData(Head + "> 35=A !44=1", "x.txt:4: '!44=1' is no field")]
    [InlineData(Head + "> 35=A 58=\"open", "x.txt:4: a quote is not closed")]
    [InlineData(Head + "> 35=A\n? 35=0", "x.txt:5: '? 35=0': a line is")]
    [InlineData(Head + "wait long", "x.txt:4: 'long' is no number of seconds")]
    [InlineData(Head + "< 35=0 (after 2 to 1 s)", "x.txt:4: a time ends after it begins")]
    [InlineData(Head + "< 35=0 (after 2 s)", "x.txt:4: a time is written")]
    [InlineData(Head + "[4.9] > 35=0", "x.txt:4: '[4.9] > 35=0': in brackets stand versions")]
    [InlineData(Head + "> raw", "x.txt:4: raw needs the bytes")]
    [InlineData(Head + ">", "x.txt:4: '>': a line is")]
    public void A_mistake_is_named_with_file_and_line(string text, string error)
    {
        HostException mistake = Assert.Throws<HostException>(() => ScenarioFile.Parse("x.txt", text));
        Assert.StartsWith(error, mistake.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, mistake.ExitCode);
    }
}
