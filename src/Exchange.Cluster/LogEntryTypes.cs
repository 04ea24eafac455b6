namespace Exchange.Cluster;

/// <summary>What an entry of the log is. The numbers are part of the log: never renumber, only append.</summary>
public static class LogEntryTypes
{
    /// <summary>A command for the state machine.</summary>
    public const ushort Command = 1;
}
