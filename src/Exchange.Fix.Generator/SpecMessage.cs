namespace Exchange.Fix.Generator;

/// <summary>A message.</summary>
internal sealed class SpecMessage(string name, string msgType, string category, string flow, string documentation, List<SpecMember> members)
{
    public string Name { get; } = name;

    public string MsgType { get; } = msgType;

    public string Category { get; } = category;

    public string Flow { get; } = flow;

    public string Documentation { get; } = documentation;

    public List<SpecMember> Members { get; } = members;
}
