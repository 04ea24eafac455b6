namespace Exchange.Fix.Dictionary;

/// <summary>A message as fix-spec defines it.</summary>
/// <param name="Kind">Which message.</param>
/// <param name="MsgType">MsgType (35).</param>
/// <param name="Name">FIX name.</param>
/// <param name="IsSession">Belongs to the session layer, not to trading.</param>
/// <param name="Flow">Who sends it.</param>
/// <param name="Documentation">What it is for, one or two sentences.</param>
/// <param name="Members">Fields and groups, header and trailer included.</param>
public sealed record MessageDefinition(
    FixMessageKind Kind, string MsgType, string Name, bool IsSession, MessageFlow Flow, string Documentation, IReadOnlyList<MemberDefinition> Members);

/// <summary>Who sends a message, seen from the exchange.</summary>
public enum MessageFlow
{
    /// <summary>Both sides.</summary>
    Both,

    /// <summary>The exchange.</summary>
    Sent,

    /// <summary>Clients.</summary>
    Received,
}

/// <summary>Part of a message. Fields of a later part never precede those of an earlier one.</summary>
public enum MessageSection
{
    /// <summary>Standard header.</summary>
    Header,

    /// <summary>Body.</summary>
    Body,

    /// <summary>Standard trailer.</summary>
    Trailer,
}

/// <summary>A field's place in a message or group.</summary>
/// <param name="Tag">Tag of the field; for a group, of its NumInGroup field.</param>
/// <param name="Required">Must be present.</param>
/// <param name="Section">Part of the message.</param>
/// <param name="Group">The group that follows the NumInGroup field; null for a plain field.</param>
public sealed record MemberDefinition(int Tag, bool Required, MessageSection Section, GroupDefinition? Group);

/// <summary>A repeating group. Its first member is the delimiter: present in each entry, and first.</summary>
/// <param name="Name">FIX name.</param>
/// <param name="CountTag">The NumInGroup field before it.</param>
/// <param name="Members">Fields and nested groups in the order in which they must be sent.</param>
public sealed record GroupDefinition(string Name, int CountTag, IReadOnlyList<MemberDefinition> Members);
