using Exchange.Ipc.LogBuffers;

namespace Exchange.Cluster.Ingress;

/// <summary>Hands the fragments of the ingress subscription to the sequencer; a struct, so that polling costs no virtual call.</summary>
internal readonly struct IngressAdapter : IFragmentHandler
{
    private readonly IngressSequencer _sequencer;

    /// <summary>Wraps a sequencer.</summary>
    public IngressAdapter(IngressSequencer sequencer) => _sequencer = sequencer;

    /// <inheritdoc/>
    public void OnFragment(ReadOnlySpan<byte> fragment, in FragmentHeader header) => _sequencer.OnFrame(fragment, header.SessionId);
}
