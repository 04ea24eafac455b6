using Exchange.Ipc.Concurrent;

namespace Exchange.Ipc.LogBuffers;

/// <summary>A message being put together. A fragment that does not follow the one before ends it.</summary>
internal sealed class AssemblyBuffer
{
    private byte[] _bytes = new byte[4096];
    private int _length;
    private int _termId;
    private int _nextOffset;
    private bool _isOpen;

    internal ReadOnlySpan<byte> Message => _bytes.AsSpan(0, _length);

    internal void Begin()
    {
        _length = 0;
        _nextOffset = -1;
        _isOpen = true;
    }

    internal void End() => _isOpen = false;

    internal bool TryAppend(ReadOnlySpan<byte> fragment, int termId, int termOffset)
    {
        // A publisher writes all fragments of a message behind each other in one term.
        if (!_isOpen || (_nextOffset >= 0 && (termId != _termId || termOffset != _nextOffset)))
        {
            _isOpen = false;
            return false;
        }

        if (fragment.Length > _bytes.Length - _length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + fragment.Length));
        }

        fragment.CopyTo(_bytes.AsSpan(_length));
        _length += fragment.Length;
        _termId = termId;
        _nextOffset = termOffset + Alignment.Align(fragment.Length + DataHeaderDescriptor.Length, DataHeaderDescriptor.FrameAlignment);
        return true;
    }
}
