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

/// <summary>One value of a code set.</summary>
internal sealed class SpecCode(string value, string name)
{
    public string Value { get; } = value;

    public string Name { get; } = name;
}

/// <summary>A field's place in a message or a group. A repeating group stands under the tag of its NumInGroup field.</summary>
internal sealed class SpecMember(int tag, bool required, SpecSection section, SpecGroup? group)
{
    public int Tag { get; } = tag;

    public bool Required { get; } = required;

    public SpecSection Section { get; } = section;

    public SpecGroup? Group { get; } = group;
}

/// <summary>Part of a message.</summary>
internal enum SpecSection
{
    Header,
    Body,
    Trailer,
}

/// <summary>A repeating group; its first member is the delimiter.</summary>
internal sealed class SpecGroup(string name, int countTag, List<SpecMember> members)
{
    public string Name { get; } = name;

    public int CountTag { get; } = countTag;

    public List<SpecMember> Members { get; } = members;
}

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
