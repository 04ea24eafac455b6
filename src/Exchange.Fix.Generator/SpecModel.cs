namespace Exchange.Fix.Generator;

/// <summary>One version of FIX as the specification file defines it, with components already dissolved into members.</summary>
internal sealed class SpecModel(string beginString)
{
    /// <summary>BeginString (8), for example FIX.4.4.</summary>
    public string BeginString { get; } = beginString;

    /// <summary>The version as a part of an identifier, for example Fix44.</summary>
    public string Identifier { get; } = "Fix" + new string(beginString.Where(char.IsDigit).ToArray());

    /// <summary>Fields in the order of their tags.</summary>
    public List<SpecField> Fields { get; } = [];

    /// <summary>Groups, each behind the groups nested in it.</summary>
    public List<SpecGroup> Groups { get; } = [];

    /// <summary>Messages in file order.</summary>
    public List<SpecMessage> Messages { get; } = [];
}
