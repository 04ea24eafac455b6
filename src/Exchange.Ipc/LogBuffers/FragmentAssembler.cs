// Problem: a message longer than a frame arrives in fragments, those of several sessions mixed.
// Idea: one buffer a session, grown to what its longest message needed and then kept; whole messages pass through untouched.
// What must hold: the handler sees whole messages only; fragments whose beginning was missed (joined in the middle) are dropped.
namespace Exchange.Ipc.LogBuffers;

/// <summary>Puts fragments together in front of another handler. Poll with <c>ref</c> to this struct.</summary>
/// <typeparam name="T">Handler of whole messages.</typeparam>
public struct FragmentAssembler<T> : IFragmentHandler
    where T : struct, IFragmentHandler
{
    private readonly Dictionary<int, AssemblyBuffer> _sessions;

    /// <summary>The handler, to be read or changed between polls.</summary>
    public T Handler;

    /// <summary>An assembler in front of <paramref name="handler"/>.</summary>
    public FragmentAssembler(T handler)
    {
        Handler = handler;
        _sessions = [];
    }

    /// <inheritdoc/>
    public void OnFragment(ReadOnlySpan<byte> fragment, in FragmentHeader header)
    {
        if ((header.Flags & DataHeaderDescriptor.UnfragmentedFlags) == DataHeaderDescriptor.UnfragmentedFlags)
        {
            Handler.OnFragment(fragment, in header);
        }
        else
        {
            Assemble(fragment, in header);
        }
    }

    /// <summary>Frees the buffer of a session, e.g. when its image became unavailable.</summary>
    public readonly bool Forget(int sessionId) => _sessions.Remove(sessionId);

    private void Assemble(ReadOnlySpan<byte> fragment, in FragmentHeader header)
    {
        bool begins = (header.Flags & DataHeaderDescriptor.BeginFlag) != 0;
        if (!_sessions.TryGetValue(header.SessionId, out AssemblyBuffer? buffer))
        {
            if (!begins)
            {
                return;
            }

            buffer = new AssemblyBuffer();
            _sessions.Add(header.SessionId, buffer);
        }

        if (begins)
        {
            buffer.Begin();
        }

        if (!buffer.TryAppend(fragment, header.TermId, header.TermOffset))
        {
            return;
        }

        if ((header.Flags & DataHeaderDescriptor.EndFlag) != 0)
        {
            FragmentHeader whole = header.AsUnfragmented();
            Handler.OnFragment(buffer.Message, in whole);
            buffer.End();
        }
    }
}
