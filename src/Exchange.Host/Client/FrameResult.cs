namespace Exchange.Host.Client;

/// <summary>What the start of a buffer holds.</summary>
internal enum FrameResult
{
    /// <summary>The beginning of a message; more bytes are needed.</summary>
    NeedMore,

    /// <summary>A whole message with the right length and checksum.</summary>
    Frame,

    /// <summary>Bytes that are no message and have to be skipped.</summary>
    Garbled,
}
