namespace Exchange.Ipc.Concurrent;

/// <summary>
/// Layout of the ring that carries commands to the driver (Agrona's ManyToOneRingBuffer, as Aeron 1.53 uses it).
/// <code>
/// |&lt;------------ capacity (power of two) ------------&gt;|&lt;---- trailer, 768 bytes ----&gt;|
/// | records ...                                        | tail head' head correlation hb |
///
/// record:  0        4         8
///          | length | type id | message ... padded to 8 |
/// </code>
/// A length of 0 means "not written yet", a negative one "claimed, being written", a positive one "committed".
/// </summary>
public static class RingBufferDescriptor
{
    /// <summary>Where producers claim; offset in the trailer.</summary>
    public const int TailPositionOffset = 128;

    /// <summary>Producers' copy of the head, so that they seldom touch the consumer's line.</summary>
    public const int HeadCachePositionOffset = 256;

    /// <summary>Where the consumer reads next.</summary>
    public const int HeadPositionOffset = 384;

    /// <summary>Source of correlation and client ids.</summary>
    public const int CorrelationCounterOffset = 512;

    /// <summary>Epoch milliseconds of the consumer's last sign of life; -1 after an orderly end.</summary>
    public const int ConsumerHeartbeatOffset = 640;

    /// <summary>Bytes behind the records.</summary>
    public const int TrailerLength = 768;

    /// <summary>Length and type of each record.</summary>
    public const int RecordHeaderLength = 8;

    /// <summary>Records start at multiples of this.</summary>
    public const int RecordAlignment = 8;

    /// <summary>Type of a record to skip.</summary>
    public const int PaddingTypeId = -1;
}
