namespace Exchange.Fuzz;

/// <summary>A field of a message under construction: two pieces of its pool.</summary>
/// <param name="Tag">Tag number as first made; its text may have been changed since.</param>
/// <param name="TagAt">Start of the text before the equals sign.</param>
/// <param name="TagLength">Its length.</param>
/// <param name="ValueAt">Start of the value.</param>
/// <param name="ValueLength">Its length.</param>
internal readonly record struct FuzzField(int Tag, int TagAt, int TagLength, int ValueAt, int ValueLength);
