namespace Exchange.Gateway.Connections;

/// <summary>What a message is counted as, once it is on its way.</summary>
[Flags]
internal enum MessageToll
{
    /// <summary>Nothing: there is no limit, or it is refused.</summary>
    None = 0,

    /// <summary>An application message.</summary>
    Message = 1,

    /// <summary>A session message, a UserRequest, or an invalid message.</summary>
    Upkeep = 2,

    /// <summary>A message that we asked for.</summary>
    Resent = 4,

    /// <summary>It goes nowhere: the client has sent so many that its session is ended.</summary>
    Flood = 8,
}
