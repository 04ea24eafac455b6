using System.Runtime.InteropServices;

namespace Exchange.Simulation.Engine;

/// <summary>A rolling hash of everything that happened (FNV-1a over words), to prove that a seed means one history.</summary>
internal sealed class TraceHash
{
    private ulong _value = 14695981039346656037;

    public ulong Value => _value;

    public void Add(long number) => _value = unchecked((_value ^ (ulong)number) * 1099511628211);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        Add(bytes.Length);
        ReadOnlySpan<long> words = MemoryMarshal.Cast<byte, long>(bytes);
        foreach (long word in words)
        {
            Add(word);
        }

        foreach (byte rest in bytes[(words.Length * sizeof(long))..])
        {
            Add(rest);
        }
    }
}
