using Exchange.Host.Conformance;

namespace Exchange.Host.Tests.Conformance;

/// <summary>Names and patterns of scenarios.</summary>
public sealed class ScenarioValuesTests
{
    [Fact]
    public void A_name_sent_first_is_a_new_id_and_stays()
    {
        ScenarioValues values = new();
        string id = values.Fill("<id>");
        Assert.NotEqual(id, values.Fill("<other>"));
        Assert.InRange(id.Length, 5, 30);
        Assert.Equal($"x{id}y", values.Fill("x<id>y"));
        Assert.Null(values.Mismatch("<id>", id));
        Assert.Equal(id, values.Mismatch("<id>", "something else"));
    }

    [Fact]
    public void A_name_received_first_takes_the_value()
    {
        ScenarioValues values = new();
        Assert.Null(values.Mismatch("<order>", "41"));
        Assert.Equal("41 42", values.Fill("<order> <order+1>"));
        Assert.Equal("41", values.Mismatch("<order>", "42"));
    }

    [Theory]
    [InlineData("<any>", "x", true)]
    [InlineData("<number>", "12.5", true)]
    [InlineData("<number>", "abc", false)]
    [InlineData("<time>", "20261121-09:30:00.123", true)]
    [InlineData("<time>", "20261121-09:30:00", true)]
    [InlineData("<time>", "20261121-29:30:00", false)]
    [InlineData("<time>", "yesterday", false)]
    [InlineData("100", "100.00", true)]
    [InlineData("100", "100.01", false)]
    [InlineData("Y", "N", false)]
    [InlineData("too low*", "too low, expecting 3", true)]
    [InlineData("*(44)*", "Price (44) is missing", true)]
    [InlineData("too low*", "is too low", false)]
    public void Patterns_fit_or_do_not(string pattern, string actual, bool fits) => Assert.Equal(fits, new ScenarioValues().Mismatch(pattern, actual) is null);

    [Fact]
    public void All_times_of_a_message_are_the_same_until_the_next()
    {
        ScenarioValues values = new();
        Assert.Equal(values.Fill("<now>"), values.Now());
        Assert.Equal(values.Now(-130), values.Fill("<now-130s>"));
        Assert.True(string.CompareOrdinal(values.Fill("<now-1s>"), values.Fill("<now>")) < 0);
    }
}
