namespace Exchange.Fix.Generator;

/// <summary>A field.</summary>
internal sealed class SpecField(int tag, string name, string type, int lengthTag, List<SpecCode> codes)
{
    public int Tag { get; } = tag;

    public string Name { get; } = name;

    /// <summary>The FIX datatype; for a coded field that of its code set.</summary>
    public string Type { get; } = type;

    /// <summary>The field that holds the length of this data field; 0 for others.</summary>
    public int LengthTag { get; } = lengthTag;

    public List<SpecCode> Codes { get; } = codes;
}
