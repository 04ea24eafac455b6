namespace Exchange.Fix.Dictionary;

/// <summary>A field's place in a message or group.</summary>
/// <param name="Tag">Tag of the field; for a group, of its NumInGroup field.</param>
/// <param name="Required">Must be present.</param>
/// <param name="Section">Part of the message.</param>
/// <param name="Group">The group that follows the NumInGroup field; null for a plain field.</param>
public sealed record MemberDefinition(int Tag, bool Required, MessageSection Section, GroupDefinition? Group);
