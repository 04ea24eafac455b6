using Exchange.Protocol;

namespace Exchange.Reference;

/// <summary>A session on the line of rule 10.3.</summary>
internal sealed class SweptSession(ReferenceSession session)
{
    public ReferenceSession Session => session;

    /// <summary>The newest order that has been looked at.</summary>
    public long DoneUpTo { get; set; }

    /// <summary>Why, up to which order, and which orders are concerned.</summary>
    public List<(ReasonCode Code, long Limit, Func<ReferenceOrder, bool> Concerns)> Reasons { get; } = [];
}
