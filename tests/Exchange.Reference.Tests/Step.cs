using Exchange.Protocol.Commands;

namespace Exchange.Reference.Tests;

/// <summary>One thing that happens in a stream: time passes, then a command comes. Numbers of sessions and times are filled in when it is played.</summary>
/// <param name="Type">The command; None restores the core from its snapshot.</param>
/// <param name="Session">Whose message it is; -1 for the venue's own.</param>
/// <param name="AdvanceNs">How much later than the last it comes.</param>
/// <param name="HoldsTimers">Whether it comes before the timers that are due.</param>
/// <param name="Bytes">The record, without what is filled in.</param>
internal sealed record Step(CommandType Type, int Session, long AdvanceNs, bool HoldsTimers, byte[] Bytes);
