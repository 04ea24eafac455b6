namespace Exchange.Fix.Parsing;

/// <summary>Finds SOH in 64 bytes at once; struct-generic, so that the parser is compiled once per width of the machine's vectors.</summary>
internal interface ISohSearch
{
    /// <summary>One bit per byte, set where the byte is SOH. Reads exactly 64 bytes.</summary>
    static abstract unsafe ulong Mask(byte* start);
}
