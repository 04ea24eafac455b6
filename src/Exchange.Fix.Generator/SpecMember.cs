namespace Exchange.Fix.Generator;

/// <summary>A field's place in a message or a group. A repeating group stands under the tag of its NumInGroup field.</summary>
internal sealed class SpecMember(int tag, bool required, SpecSection section, SpecGroup? group)
{
    public int Tag { get; } = tag;

    public bool Required { get; } = required;

    public SpecSection Section { get; } = section;

    public SpecGroup? Group { get; } = group;
}
