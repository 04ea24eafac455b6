namespace Exchange.Ipc.Concurrent;

/// <summary>
/// Layout of the counters in the CnC file (Aeron 1.53), which any AeronStat-like tool can read.
/// <code>
/// value record, 128 bytes:      0        8                 16         24             32
///                               | value  | registration id | owner id | reference id | padding |
///
/// metadata record, 512 bytes:   0       4         8                16            128            132
///                               | state | type id | reuse deadline | key (112 B) | label length | label (380 B) |
/// </code>
/// </summary>
public static class CountersDescriptor
{
    /// <summary>Bytes of a value record.</summary>
    public const int ValueLength = 128;

    /// <summary>Owner's id of a resource, in the value record.</summary>
    public const int RegistrationIdOffset = 8;

    /// <summary>Client that owns the counter, in the value record.</summary>
    public const int OwnerIdOffset = 16;

    /// <summary>For a subscriber position the publication it follows, in the value record.</summary>
    public const int ReferenceIdOffset = 24;

    /// <summary>Bytes of a metadata record.</summary>
    public const int MetadataLength = 512;

    /// <summary>One of the Record… constants.</summary>
    public const int StateOffset = 0;

    /// <summary>What the counter counts.</summary>
    public const int TypeIdOffset = 4;

    /// <summary>Epoch milliseconds from which a freed id may be given out again.</summary>
    public const int ReuseDeadlineOffset = 8;

    /// <summary>Machine-readable identity.</summary>
    public const int KeyOffset = 16;

    /// <summary>Bytes of the key.</summary>
    public const int KeyLengthMax = 112;

    /// <summary>Bytes of the label in use.</summary>
    public const int LabelLengthOffset = 128;

    /// <summary>Human-readable identity, ASCII.</summary>
    public const int LabelOffset = 132;

    /// <summary>Bytes of the label.</summary>
    public const int LabelLengthMax = 380;

    /// <summary>Never used: the end of the table.</summary>
    public const int RecordUnused = 0;

    /// <summary>In use.</summary>
    public const int RecordAllocated = 1;

    /// <summary>Freed.</summary>
    public const int RecordReclaimed = -1;
}
