using Exchange.Acceptance.Support;
using Xunit.Abstractions;

namespace Exchange.Acceptance;

/// <summary>A mistake in a file is one line with file, line, field and what is allowed; code 2; and nothing was started or made.</summary>
public class BadConfigurationTests(ITestOutputHelper output) : AcceptanceTest(output)
{
    private const string Instrument = "  - symbol: AAPL\n    tick: 0.01\n    quantityStep: 1\n    quantityMax: 1000\n    priceMax: 10000\n";

    [Theory]
    [InlineData("instruments:\n  - symbol: AAPL\n    tack: 0.01\n", 3, "tack")]
    [InlineData("instruments:\n  - symbol: AAPL\n    tick: cheap\n    quantityStep: 1\n    quantityMax: 10\n    priceMax: 10\n", 3, "tick")]
    [InlineData("instruments:\n  - symbol: AAPL\n    tick: 0\n    quantityStep: 1\n    quantityMax: 10\n    priceMax: 10\n", 3, "tick")]
    [InlineData("instruments:\n  - symbol: AAPL\n    tick: -0.01\n    quantityStep: 1\n    quantityMax: 10\n    priceMax: 10\n", 3, "tick")]
    [InlineData("instruments:\n  - symbol: AAPL\n    tick: 0.01\n    quantityStep: 3\n    quantityMax: 10\n    priceMax: 10\n", 5, "quantityMax")]
    [InlineData("instruments:\n  - symbol: A NAME WITH SPACES\n    tick: 0.01\n    quantityStep: 1\n    quantityMax: 10\n    priceMax: 10\n", 2, "symbol")]
    [InlineData("instruments:\n" + Instrument + Instrument, 7, "symbol")]
    [InlineData("instruments: 5\n", 1, "instruments")]
    [InlineData("instruments:\n  - symbol: [AAPL\n", 0, "instruments")]
    [InlineData("participants:\n" + Instrument, 1, "participants")]
    [InlineData("", 1, "instruments")]
    public void A_mistake_in_the_instruments_is_named_with_its_place(string yaml, int line, string field) => IsNamed("--instruments", yaml, line, field);

    [Theory]
    [InlineData("participants:\n  - sender: A\n    password: x\n    heartbeatMin: many\n", 4, "heartbeatMin")]
    [InlineData("participants:\n  - sender: A\n    password: x\n    version: 4.9\n", 4, "version")]
    [InlineData("participants:\n  - sender: A\n    password: x\n    noPassword: true\n", 3, "password")]
    [InlineData("participants:\n  - sender: A\n    password: x\n  - sender: A\n    password: y\n", 4, "sender")]
    [InlineData("participants:\n  - sender: A\n    password: x\n    cancelOnDisconnect: perhaps\n", 4, "cancelOnDisconnect")]
    [InlineData("participants:\n  - sender: A\n", 2, "password")]
    public void A_mistake_in_the_participants_is_named_with_its_place(string yaml, int line, string field) => IsNamed("--participants", yaml, line, field);

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        string file = Folder["none.yaml"];
        CommandResult result = CommandResult.Exchange("local", "--dir", State, "--instruments", file);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(file, Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.False(Directory.Exists(State));
    }

    [Fact]
    public void Own_instruments_and_participants_are_traded()
    {
        string instruments = Folder["instruments.yaml"];
        string participants = Folder["participants.yaml"];
        File.WriteAllText(instruments, "instruments:\n  - symbol: TULIP\n    tick: 0.5\n    quantityStep: 10\n    quantityMax: 1000\n    priceMax: 10000\n");
        File.WriteAllText(participants, "participants:\n  - sender: VAN_GOYEN\n    password: VAN_GOYEN\n");
        ExchangeProcess exchange = StartExchange(null, "--instruments", instruments, "--participants", participants);
        FixClient client = Client(exchange, "VAN_GOYEN").LogOn();
        foreach ((string id, int quantity, decimal price, string expected) in new[] { ("A", 10, 7.5m, "0"), ("B", 15, 7.5m, "8"), ("C", 10, 7.25m, "8"), ("D", 2000, 7.5m, "8") })
        {
            client.Send("D", Orders.New(id, Orders.Buy, quantity, price, "TULIP"));
            FixMessage report = client.Receive();
            Assert.Equal((id, expected), (report[11], report[150]));
        }

        client.Send("D", Orders.New("E", Orders.Buy, 10, 10m, "AAPL"));
        Assert.Equal("8", client.Receive()[150]);
    }

    private void IsNamed(string option, string yaml, int line, string field)
    {
        string file = Folder["mistake.yaml"];
        File.WriteAllText(file, yaml);
        CommandResult result = CommandResult.Exchange("local", "--dir", State, option, file);
        Say(result.Error);
        Assert.Equal(2, result.ExitCode);
        string said = Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(file, said, StringComparison.Ordinal);
        Assert.Contains(field, said, StringComparison.Ordinal);
        Assert.Contains(line > 0 ? $"line {line}:" : "line ", said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(State), "the folder was made although nothing can run in it");
    }
}
