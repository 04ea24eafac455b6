using System.Numerics;

namespace Exchange.Simulation.Engine;

/// <summary>Random numbers from a seed: xoshiro256**, written out so that no release of the runtime changes what a seed means.</summary>
internal sealed class Chance
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    public Chance(ulong seed)
    {
        _a = Mix(ref seed);
        _b = Mix(ref seed);
        _c = Mix(ref seed);
        _d = Mix(ref seed);
    }

    /// <summary>A source of its own, so that one part of the world may ask more often without changing the others' fortune.</summary>
    public Chance Fork() => new(Next());

    public ulong Next()
    {
        ulong result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        ulong t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>From 0 to below the limit.</summary>
    public int Below(int limit) => (int)(Next() % (ulong)limit);

    /// <summary>From the lowest to the highest, both included.</summary>
    public long Between(long lowest, long highest) => lowest + (long)(Next() % (ulong)(highest - lowest + 1));

    /// <summary>True with a probability of so many in a thousand.</summary>
    public bool PerMille(int perMille) => Below(1000) < perMille;

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    private static ulong Mix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
