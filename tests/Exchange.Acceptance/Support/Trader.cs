using System.Globalization;

namespace Exchange.Acceptance.Support;

/// <summary>
/// A client that trades without pause on a thread of its own, through every loss of the connection, with continuing numbers. At most
/// <see cref="InFlightMax"/> orders are unanswered, so that the load is steady and follows what the machine can do.
/// </summary>
internal sealed class Trader : IDisposable
{
    private const int InFlightMax = 8;
    private const int SilenceMs = 2000;
    private readonly Random _random;
    private readonly Thread _thread;
    private volatile bool _mayTrade = true;
    private volatile bool _stop;
    private volatile int _accepted;
    private volatile int _unanswered;
    private volatile bool _isConnected;
    private volatile Exception? _failure;

    /// <summary>Starts to trade.</summary>
    public Trader(string compId, IReadOnlyList<int> ports, int seed)
    {
        Client = new FixClient(compId, [.. ports]) { SilenceMs = ports.Count > 1 ? SilenceMs : 0 };
        _random = new Random(seed);
        _thread = new Thread(Run) { Name = compId, IsBackground = true };
        _thread.Start();
    }

    /// <summary>The session; to be used by others after <see cref="Stop"/> only.</summary>
    public FixClient Client { get; }

    /// <summary>The orders; to be read by others after <see cref="Stop"/> only.</summary>
    public OrderLedger Ledger { get; } = new();

    /// <summary>Orders accepted so far.</summary>
    public int Accepted => _accepted;

    /// <summary>Orders sent and not answered yet.</summary>
    public int Unanswered => _unanswered;

    /// <summary>Whether the session is up.</summary>
    public bool IsConnected => _isConnected;

    /// <summary>What ended the thread before its time.</summary>
    public Exception? Failure => _failure;

    /// <summary>No new orders from now on; answers are still awaited.</summary>
    public void Pause() => _mayTrade = false;

    /// <summary>Orders again after a pause.</summary>
    public void Resume() => _mayTrade = true;

    /// <summary>Ends the thread; the session stays for its owner.</summary>
    public void Stop()
    {
        _stop = true;
        _thread.Join();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        Client.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!_stop)
            {
                if (Client.TryConnect())
                {
                    Turn();
                }
                else
                {
                    Thread.Sleep(10);
                }
            }
        }
        catch (Exception e)
        {
            _failure = e;
        }
    }

    private void Turn()
    {
        Client.Pump(TimeSpan.FromMilliseconds(Client.IsLoggedOn ? 1 : 20));
        while (Client.TryReceive(out FixMessage message))
        {
            Ledger.Report(message);
        }

        while (_mayTrade && Client.IsLoggedOn && !Client.IsInGap && Ledger.Unanswered < InFlightMax)
        {
            SendOrder();
        }

        if (Ledger.Unanswered > 0)
        {
            Client.AwaitAnswer();
        }

        _accepted = Ledger.Accepted;
        _unanswered = Ledger.Unanswered;
        _isConnected = Client.IsLoggedOn;
    }

    /// <summary>Prices overlap, so that about half of the orders trade; the rest stays in the book and grows it.</summary>
    private void SendOrder()
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"{Client.CompId}-{Ledger.Orders.Count + 1}");
        string side = _random.Next(2) == 0 ? Orders.Buy : Orders.Sell;
        int quantity = _random.Next(1, 20);
        decimal price = 100m + (_random.Next(-10, 11) / 100m);
        Ledger.Sent(id, side, quantity);
        Client.Send("D", Orders.New(id, side, quantity, price));
    }
}
