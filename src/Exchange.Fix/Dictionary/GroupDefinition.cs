namespace Exchange.Fix.Dictionary;

/// <summary>A repeating group. Its first member is the delimiter: present in each entry, and first.</summary>
/// <param name="Name">FIX name.</param>
/// <param name="CountTag">The NumInGroup field before it.</param>
/// <param name="Members">Fields and nested groups in the order in which they must be sent.</param>
public sealed record GroupDefinition(string Name, int CountTag, IReadOnlyList<MemberDefinition> Members);
