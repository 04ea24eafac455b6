namespace Exchange.Protocol;

/// <summary>Whom a risk setting concerns. Numbers are part of the log.</summary>
public enum RiskScope : byte
{
    /// <summary>Not set.</summary>
    None = 0,

    /// <summary>Everybody.</summary>
    Market = 1,

    /// <summary>A firm: all its sessions and accounts.</summary>
    Firm = 2,

    /// <summary>One FIX session.</summary>
    Session = 3,

    /// <summary>An account of a firm.</summary>
    Account = 4,
}
