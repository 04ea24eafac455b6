namespace Exchange.Host.Client;

/// <summary>What a session counted since it was created; tests judge by it.</summary>
internal sealed class FixClientCounters
{
    /// <summary>Messages handed to the user.</summary>
    public long Delivered { get; set; }

    /// <summary>Application messages sent for the first time.</summary>
    public long Sent { get; set; }

    /// <summary>PossDup messages whose number was processed before; ignored.</summary>
    public long DuplicatesIgnored { get; set; }

    /// <summary>Times a number higher than expected arrived while none was missing.</summary>
    public long Gaps { get; set; }

    /// <summary>ResendRequests sent.</summary>
    public long ResendRequestsSent { get; set; }

    /// <summary>ResendRequests of the exchange that were answered.</summary>
    public long ResendRequestsAnswered { get; set; }

    /// <summary>Application messages sent again.</summary>
    public long Resent { get; set; }

    /// <summary>Stretches of bytes that were no message.</summary>
    public long Garbled { get; set; }

    /// <summary>Rules of the protocol that the other side broke.</summary>
    public long Violations { get; set; }
}
