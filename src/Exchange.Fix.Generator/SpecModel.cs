namespace Exchange.Fix.Generator;

/// <summary>One version of FIX as the specification file defines it, with components already dissolved into members.</summary>
internal sealed class SpecModel(SpecVersion version)
{
    /// <summary>The version.</summary>
    public SpecVersion Version { get; } = version;

    /// <summary>BeginString (8), for example FIX.4.4: the one code that its field has in this version.</summary>
    public string BeginString => OnlyCode(8) ?? throw new SpecException($"{Version.Name}: BeginString (8) needs exactly one code");

    /// <summary>DefaultApplVerID (1137) that a Logon of this version carries; null for a version that has no such field.</summary>
    public string? ApplVerId => OnlyCode(1137);

    /// <summary>Fields in the order of their tags.</summary>
    public List<SpecField> Fields { get; } = [];

    /// <summary>Groups, each behind the groups nested in it.</summary>
    public List<SpecGroup> Groups { get; } = [];

    /// <summary>Messages in file order.</summary>
    public List<SpecMessage> Messages { get; } = [];

    private string? OnlyCode(int tag)
    {
        SpecField? field = Fields.FirstOrDefault(field => field.Tag == tag);
        return field?.Codes.Count == 1 ? field.Codes[0].Value : null;
    }
}
