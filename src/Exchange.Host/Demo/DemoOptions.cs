namespace Exchange.Host.Demo;

/// <summary>What the demonstration does.</summary>
internal sealed record DemoOptions
{
    /// <summary>State directory; deleted afterwards when it is a temporary one.</summary>
    public required string Directory { get; init; }

    /// <summary>Whether the directory stays.</summary>
    public bool Keep { get; init; }

    /// <summary>FIX sessions that trade.</summary>
    public int Sessions { get; init; } = 4;

    /// <summary>Orders a second over all sessions.</summary>
    public double RatePerSec { get; init; } = 200;

    /// <summary>Silence after which clients leave an address, milliseconds.</summary>
    public int SilenceMs { get; init; } = 300;
}
