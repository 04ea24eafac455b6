namespace Exchange.Gateway.Member;

/// <summary>What a duty cycle of the link brought about.</summary>
internal enum MemberLinkChange
{
    /// <summary>Nothing that concerns the owner.</summary>
    None,

    /// <summary>A new incarnation begins: it has greeted the member, and reference data will follow.</summary>
    Attaching,

    /// <summary>The member is gone, or did not answer in time.</summary>
    Lost,
}
