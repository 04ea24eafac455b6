using Exchange.Ipc.LogBuffers;

namespace Exchange.Ipc.Tests;

/// <summary>Copies all fragments out.</summary>
internal readonly struct CollectingHandler : IFragmentHandler
{
    public CollectingHandler()
    {
        Fragments = [];
    }

    internal List<(byte[] Payload, int SessionId, long Position, byte Flags, long ReservedValue)> Fragments { get; }

    public void OnFragment(ReadOnlySpan<byte> fragment, in FragmentHeader header) =>
        Fragments.Add((fragment.ToArray(), header.SessionId, header.Position, header.Flags, header.ReservedValue));
}
