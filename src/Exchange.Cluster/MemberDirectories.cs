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
}
