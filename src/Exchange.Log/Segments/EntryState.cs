namespace Exchange.Log.Segments;

/// <summary>What is found at a position.</summary>
internal enum EntryState
{
    /// <summary>A whole entry that checks.</summary>
    Valid,

    /// <summary>The length is zero: nothing was committed here.</summary>
    Blank,

    /// <summary>Bytes that are no entry of this log at this position.</summary>
    Invalid,
}
