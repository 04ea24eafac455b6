using System.Runtime.CompilerServices;

namespace Exchange.Core.Sessions;

/// <summary>A place in <see cref="HeldMessages"/>: the command of one message behind a gap. Places are named by their index and one, so that 0 is none.</summary>
internal struct HeldMessage
{
    /// <summary>The session's next one, or the next free place; 0 when none.</summary>
    public int Next;

    /// <summary>Bytes of the command; 0 when only the number is held, because the message was answered when it came.</summary>
    public int Length;

    /// <summary>MsgSeqNum (34).</summary>
    public long MsgSeqNum;

    /// <summary>The command.</summary>
    public Record Bytes;

    /// <summary>Room for the longest command held.</summary>
    [InlineArray(HeldMessages.CommandBytesMax)]
    internal struct Record
    {
        private byte _first;
    }
}
