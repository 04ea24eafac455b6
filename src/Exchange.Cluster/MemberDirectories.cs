namespace Exchange.Cluster;

/// <summary>The directories below a member's own.</summary>
public static class MemberDirectories
{
    /// <summary>Log segments.</summary>
    public static string Log(string memberDirectory) => Path.Combine(memberDirectory, "log");

    /// <summary>Snapshots.</summary>
    public static string Snapshots(string memberDirectory) => Path.Combine(memberDirectory, "snapshots");

    /// <summary>Outbound history of the FIX sessions.</summary>
    public static string History(string memberDirectory) => Path.Combine(memberDirectory, "history");

    /// <summary>A snapshot that arrives from another member, with the history that belongs to it.</summary>
    public static string Incoming(string memberDirectory) => Path.Combine(memberDirectory, "incoming");

    /// <summary>The durability that the member ran with last.</summary>
    public static string LastDurability(string memberDirectory) => Path.Combine(memberDirectory, "durability.last");

    /// <summary>Exists when an operator wants the member to forget everything and to be built anew from its peers.</summary>
    public static string RebuildRequest(string memberDirectory) => Path.Combine(memberDirectory, "rebuild.requested");
}
