namespace Exchange.Ipc.Concurrent;

/// <summary>
/// Layout of the buffer that carries the driver's answers to all clients (Agrona's BroadcastBuffer, as Aeron 1.53 uses it).
/// <code>
/// |&lt;--- capacity (power of two) ---&gt;|&lt;------- trailer, 128 bytes -------&gt;|
/// | records ...                     | tail intent  0 | tail 8 | latest 16 |
///
/// record:  0        4         8
///          | length | type id | message ... padded to 8 |
/// </code>
/// The transmitter never waits: a receiver that is lapped learns it from the tail intent and has lost messages.
/// </summary>
public static class BroadcastDescriptor
{
    /// <summary>Moved before a record is written: what lies a capacity behind it may already be overwritten.</summary>
    public const int TailIntentOffset = 0;

    /// <summary>Moved after a record is written.</summary>
    public const int TailOffset = 8;

    /// <summary>Start of the newest record.</summary>
    public const int LatestOffset = 16;

    /// <summary>Bytes behind the records.</summary>
    public const int TrailerLength = 128;

    /// <summary>Length and type of each record.</summary>
    public const int RecordHeaderLength = 8;

    /// <summary>Records start at multiples of this.</summary>
    public const int RecordAlignment = 8;

    /// <summary>Type of the record that fills the end of the buffer.</summary>
    public const int PaddingTypeId = -1;
}
