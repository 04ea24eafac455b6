using Xunit.Abstractions;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Exchange.Acceptance.Support;

/// <summary>
/// What every test with a running exchange needs: a folder, exchanges that are gone when the test ends, and their logs in the output
/// of the test. Tests run one at a time: each is several processes already.
/// </summary>
public abstract class AcceptanceTest : IDisposable
{
    private readonly ITestOutputHelper _output;
    private readonly List<ExchangeProcess> _exchanges = [];
    private readonly List<FixClient> _clients = [];

    /// <summary>Creates the test with the place for its output.</summary>
    protected AcceptanceTest(ITestOutputHelper output) => _output = output;

    private protected TemporaryFolder Folder { get; } = new();

    /// <summary>Where the exchange of this test keeps its state.</summary>
    private protected string State => Folder["state"];

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends what the test started.</summary>
    protected virtual void Dispose(bool disposing)
    {
        _clients.ForEach(client => client.Dispose());
        foreach (ExchangeProcess exchange in _exchanges)
        {
            try
            {
                _output.WriteLine(exchange.Describe());
            }
            finally
            {
                exchange.Dispose();
            }
        }

        Folder.Dispose();
    }

    /// <summary>A line of the test's output.</summary>
    protected void Say(string line) => _output.WriteLine(line);

    /// <summary>Starts an exchange in the test's folder.</summary>
    private protected ExchangeProcess StartExchange(int? fixPort = null, params string[] options)
    {
        ExchangeProcess exchange = ExchangeProcess.Start(State, fixPort, options);
        _exchanges.Add(exchange);
        return exchange;
    }

    /// <summary>Starts an exchange that is expected to fail, or is watched while it starts.</summary>
    private protected ExchangeProcess LaunchExchange(string directory, int fixPort, params string[] options)
    {
        ExchangeProcess exchange = ExchangeProcess.Launch(directory, fixPort, options);
        _exchanges.Add(exchange);
        return exchange;
    }

    /// <summary>A client of the exchange that is gone with the test.</summary>
    private protected FixClient Client(IRunningExchange exchange, string compId)
    {
        FixClient client = new(compId, [.. exchange.FixPorts]);
        _clients.Add(client);
        return client;
    }
}
