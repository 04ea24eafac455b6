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
