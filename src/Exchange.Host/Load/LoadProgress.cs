namespace Exchange.Host.Load;

/// <summary>What the last second brought; written by the sending thread, read by the one that prints.</summary>
internal sealed class LoadProgress
{
    /// <summary>Seconds since the schedule began.</summary>
    public int Second { get; set; }

    /// <summary>The second belongs to the warm-up.</summary>
    public bool IsWarmup { get; set; }

    /// <summary>Orders sent so far.</summary>
    public long Sent { get; set; }

    /// <summary>Orders answered so far.</summary>
    public long Answered { get; set; }

    /// <summary>Orders answered in this second.</summary>
    public long AnsweredInSecond { get; set; }

    /// <summary>Orders due and unanswered.</summary>
    public long Backlog { get; set; }

    /// <summary>Latency of the orders answered in this second.</summary>
    public LatencyHistogram Latency { get; set; } = new();
}
