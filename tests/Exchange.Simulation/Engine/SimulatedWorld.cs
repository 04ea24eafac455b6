// Problem: a cluster fails in ways that depend on which of two things happened first, and on real machines nobody can say which did.
// Idea:    everything that happens is an entry of one queue, ordered by simulated time and then by when it was put in. Time jumps from one
//          entry to the next, so a minute of a cluster's life costs a second, and the same seed gives the same life.
// Must hold: nothing in the simulation reads a real clock, a real random number or the order of a hash table.
namespace Exchange.Simulation.Engine;

/// <summary>Simulated time, the queue of what is to happen, and the one source of chance.</summary>
internal sealed class SimulatedWorld
{
    private readonly PriorityQueue<Action, (long AtNs, long Order)> _queue = new();
    private long _order;

    public SimulatedWorld(ulong seed) => Chance = new Chance(seed);

    public Chance Chance { get; }

    /// <summary>Nanoseconds since the beginning of the simulation.</summary>
    public long NowNs { get; private set; }

    /// <summary>What happened, as a number: two runs of one seed must agree on it.</summary>
    public TraceHash Trace { get; } = new();

    /// <summary>The last things worth telling, for the report of a failure.</summary>
    public StoryLog Story { get; } = new();

    /// <summary>Has something happen after a delay.</summary>
    public void After(long delayNs, Action action) => _queue.Enqueue(action, (NowNs + Math.Max(0, delayNs), _order++));

    /// <summary>Notes something worth telling.</summary>
    public void Tell(string line) => Story.Add(NowNs, line);

    /// <summary>Lets the next thing happen; false when there is nothing left.</summary>
    public bool Step()
    {
        if (!_queue.TryDequeue(out Action? action, out (long AtNs, long Order) when))
        {
            return false;
        }

        NowNs = when.AtNs;
        action();
        return true;
    }
}
