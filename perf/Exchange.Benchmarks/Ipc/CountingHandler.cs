using System.Runtime.InteropServices;
using Exchange.Ipc.LogBuffers;

namespace Exchange.Benchmarks.Ipc;

/// <summary>Counts messages and sums their first eight bytes, so that reading them cannot be optimised away.</summary>
internal struct CountingHandler : IFragmentHandler
{
    internal long Count;
    internal long Sum;

    public void OnFragment(ReadOnlySpan<byte> fragment, in FragmentHeader header)
    {
        Count++;
        Sum += MemoryMarshal.Read<long>(fragment);
    }
}
