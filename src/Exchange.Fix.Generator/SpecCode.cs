namespace Exchange.Fix.Generator;

/// <summary>One value of a code set.</summary>
internal sealed class SpecCode(string value, string name)
{
    public string Value { get; } = value;

    public string Name { get; } = name;
}
