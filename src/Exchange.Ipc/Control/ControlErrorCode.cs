namespace Exchange.Ipc.Control;

/// <summary>Why the driver refused a command (Aeron's ErrorCode).</summary>
public enum ControlErrorCode
{
    /// <summary>Not used.</summary>
    None = 0,

    /// <summary>The channel is malformed, not supported or contradicts an existing publication.</summary>
    InvalidChannel = 1,

    /// <summary>No such subscription.</summary>
    UnknownSubscription = 2,

    /// <summary>No such publication.</summary>
    UnknownPublication = 3,

    /// <summary>Network only.</summary>
    ChannelEndpointError = 4,

    /// <summary>No such counter.</summary>
    UnknownCounter = 5,

    /// <summary>The driver does not know the command.</summary>
    UnknownCommandTypeId = 6,

    /// <summary>The command is too short for its type.</summary>
    MalformedCommand = 7,

    /// <summary>Known, but not offered by this driver.</summary>
    NotSupported = 8,

    /// <summary>Network only.</summary>
    UnknownHost = 9,

    /// <summary>Try again.</summary>
    ResourceTemporarilyUnavailable = 10,

    /// <summary>Anything else; the text says what.</summary>
    GenericError = 11,

    /// <summary>No space for a log buffer.</summary>
    StorageSpace = 12,
}
