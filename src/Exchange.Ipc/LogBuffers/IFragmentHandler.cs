namespace Exchange.Ipc.LogBuffers;

/// <summary>Receives fragments. Implemented by a struct, so that a poll calls it without indirection.</summary>
public interface IFragmentHandler
{
    /// <summary>One committed fragment; the span is valid during the call only.</summary>
    void OnFragment(ReadOnlySpan<byte> fragment, in FragmentHeader header);
}
