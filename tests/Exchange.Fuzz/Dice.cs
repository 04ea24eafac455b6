namespace Exchange.Fuzz;

/// <summary>Random numbers that are the same on every machine and in every version of .NET (SplitMix64).</summary>
internal sealed class Dice
{
    private ulong _state;

    /// <summary>Starts the numbers of one episode of a seed.</summary>
    public Dice(long seed, long episode) => _state = ((ulong)seed * 0x9E3779B97F4A7C15) ^ ((ulong)episode * 0xD1B54A32D192ED03);

    /// <summary>Any 64 bits.</summary>
    public ulong Bits()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to below the limit.</summary>
    public int Below(int limit) => (int)(((Bits() >> 32) * (ulong)limit) >> 32);

    /// <summary>True once in so many throws.</summary>
    public bool OneIn(int count) => Below(count) == 0;

    /// <summary>One of several.</summary>
    public T Of<T>(IReadOnlyList<T> all) => all[Below(all.Count)];
}
