using System.Net;
using Exchange.Fix.Dictionary;

namespace Exchange.Host.Load;

/// <summary>What a load run does.</summary>
internal sealed record LoadOptions
{
    /// <summary>Where the exchange listens: the first that serves is used, and after a failure the next.</summary>
    public required IReadOnlyList<EndPoint> Addresses { get; init; }

    /// <summary>A lost connection is made again, with continuing numbers; otherwise it ends the run.</summary>
    public bool Reconnects { get; init; }

    /// <summary>An exchange that answers nothing for so long while a request is open counts as lost; 0 waits for ever.</summary>
    public long SilenceNs { get; init; }

    /// <summary>Logs on with 141=Y after a lost connection and learns from restatements what became of its orders.</summary>
    public bool ResetsOnFailover { get; init; }

    /// <summary>The version of FIX.</summary>
    public FixDictionary Version { get; init; } = FixDictionaries.Fix44;

    /// <summary>Number of sessions.</summary>
    public int Sessions { get; init; } = 4;

    /// <summary>SenderCompIDs are this prefix and a number from 1; user and password are the same.</summary>
    public string SessionPrefix { get; init; } = "HFT";

    /// <summary>TargetCompID (56).</summary>
    public string TargetCompId { get; init; } = "EXCH";

    /// <summary>New orders per second over all sessions; cancels of the mix come on top. 0 sends as fast as <see cref="OutstandingMax"/> allows.</summary>
    public double RatePerSec { get; init; } = 1000;

    /// <summary>Length of the measured part.</summary>
    public double Seconds { get; init; } = 10;

    /// <summary>Length of the part before it, at the same rate, that is left out of the figures.</summary>
    public double WarmupSeconds { get; init; } = 2;

    /// <summary>How long after the schedule answers may still arrive before they count as lost.</summary>
    public double DrainSeconds { get; init; } = 10;

    /// <summary>Kind of flow.</summary>
    public LoadMix Mix { get; init; } = LoadMix.All[0];

    /// <summary>Symbols traded.</summary>
    public IReadOnlyList<string> Symbols { get; init; } = ["AAPL", "MSFT"];

    /// <summary>The middle price.</summary>
    public decimal MiddlePrice { get; init; } = 100m;

    /// <summary>Distance of two price levels.</summary>
    public decimal Tick { get; init; } = 0.01m;

    /// <summary>Quantity of each order; a whole number, so that fills can be checked with integers.</summary>
    public int Quantity { get; init; } = 1;

    /// <summary>Unanswered orders over all sessions above which nothing is sent; 0 for no limit.</summary>
    public int OutstandingMax { get; init; }

    /// <summary>Busy-polls instead of waiting in the kernel.</summary>
    public bool Spin { get; init; }

    /// <summary>
    /// Writes and reads at most so often, all that is due at once: a generator that shares its processors with the exchange takes less of
    /// them, and each latency may be longer by as much. 0: as often as it can.
    /// </summary>
    public long TurnNs { get; init; }

    /// <summary>CPU for the sending thread; -1 for any.</summary>
    public int Cpu { get; init; } = -1;

    /// <summary>
    /// The backlog is bounded when, as the schedule ends, at most the orders of so many seconds are due and unanswered, and
    /// <see cref="AnsweredShareMin"/> holds.
    /// </summary>
    public double BacklogSecondsMax { get; init; } = 0.25;

    /// <summary>Share of the rate that must be answered within the measured part.</summary>
    public double AnsweredShareMin { get; init; } = 0.99;
}
