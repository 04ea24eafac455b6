namespace Exchange.Fix.Generator;

/// <summary>A repeating group; its first member is the delimiter.</summary>
internal sealed class SpecGroup(string name, int countTag, List<SpecMember> members)
{
    public string Name { get; } = name;

    public int CountTag { get; } = countTag;

    public List<SpecMember> Members { get; } = members;
}
