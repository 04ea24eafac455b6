using Exchange.Protocol.Commands;

namespace Exchange.Fix.Validation;

/// <summary>The first thing wrong with a message.</summary>
/// <param name="Reason">SessionRejectReason (373); None when the message is valid.</param>
/// <param name="RefTag">RefTagID (371); 0 when no tag can be named, <see cref="FixCommandHeader.RefTagZero"/> for a tag of 0.</param>
/// <param name="IsUnsupportedMessage">The message type is valid FIX, but not supported here: BusinessMessageReject 380=3 instead of Reject.</param>
public readonly record struct FixFault(SessionRejectReason Reason, int RefTag, bool IsUnsupportedMessage = false)
{
    /// <summary>Nothing is wrong.</summary>
    public static FixFault None => new(SessionRejectReason.None, 0);

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsValid => Reason == SessionRejectReason.None && !IsUnsupportedMessage;
}
