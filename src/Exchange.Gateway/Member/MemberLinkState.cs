namespace Exchange.Gateway.Member;

/// <summary>How far the link to the member has come.</summary>
internal enum MemberLinkState
{
    /// <summary>Nothing is open; the next attempt waits for its time.</summary>
    Detached,

    /// <summary>The driver was asked for a publication and a subscription.</summary>
    Registering,

    /// <summary>Both exist; the member has to subscribe to the publication before it can be greeted.</summary>
    Greeting,

    /// <summary>The greeting is on its way; reference data come, and at their end GatewayReady.</summary>
    AwaitingReady,

    /// <summary>Clients are served.</summary>
    Ready,
}
