namespace Exchange.Fix.Framing;

/// <summary>What the framer found at the start of its input.</summary>
public enum FrameStatus
{
    /// <summary>The input ends before a decision is possible. Nothing is consumed; call again with more.</summary>
    NeedMore,

    /// <summary>A complete message with the right length and checksum.</summary>
    Message,

    /// <summary>Bytes that are no message. They are consumed; the input behind them starts with, or may start with, "8=FIX".</summary>
    Garbled,
}
