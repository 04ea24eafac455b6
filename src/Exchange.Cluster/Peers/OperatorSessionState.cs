namespace Exchange.Cluster.Peers;

/// <summary>Where an operator's session with a member stands.</summary>
public enum OperatorSessionState
{
    /// <summary>The member has not proved yet who it is, nor accepted the operator.</summary>
    Opening,

    /// <summary>Requests may be sent.</summary>
    Open,

    /// <summary>It is over; the session says why.</summary>
    Failed,
}
