namespace Exchange.Protocol;

/// <summary>Limits that several processes have to agree on.</summary>
public static class Limits
{
    /// <summary>Highest gateway id; the lowest is 1.</summary>
    public const int GatewayIdMax = 64;

    /// <summary>Most FIX sessions; ids run from 0.</summary>
    public const int SessionCountMax = 4_096;
}
