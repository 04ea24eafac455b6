namespace Exchange.Fix.Framing;

/// <summary>Result of the framer.</summary>
/// <param name="Status">What was found.</param>
/// <param name="Consumed">How many bytes the caller drops afterwards: the message, or the garbled bytes; 0 when more is needed.</param>
/// <param name="BytesNeeded">With <see cref="FrameStatus.NeedMore"/>: a call with a shorter input would find nothing new.</param>
/// <param name="Reason">With <see cref="FrameStatus.Garbled"/>: why.</param>
/// <remarks>A message always starts at the first byte of the input: it is <c>input[..Consumed]</c>.</remarks>
public readonly record struct FixFrame(FrameStatus Status, int Consumed, int BytesNeeded, GarbledReason Reason);
