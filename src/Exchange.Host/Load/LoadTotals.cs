namespace Exchange.Host.Load;

/// <summary>What all sessions of a run count together; one writer, the sending thread.</summary>
internal sealed class LoadTotals
{
    /// <summary>Orders due from here on are measured; what is due earlier is warm-up.</summary>
    public long MeasureFromNs { get; set; } = long.MaxValue;

    /// <summary>New orders sent.</summary>
    public long OrdersSent { get; set; }

    /// <summary>New orders acknowledged or rejected.</summary>
    public long OrdersAnswered { get; set; }

    /// <summary>Those of <see cref="OrdersAnswered"/> that were due in the measured part.</summary>
    public long MeasuredAnswered { get; set; }

    /// <summary>Cancels sent.</summary>
    public long CancelsSent { get; set; }

    /// <summary>Cancels answered, either way.</summary>
    public long CancelsAnswered { get; set; }

    /// <summary>Orders rejected.</summary>
    public long Rejected { get; set; }

    /// <summary>Orders filled completely.</summary>
    public long Filled { get; set; }

    /// <summary>Executions reported.</summary>
    public long Trades { get; set; }

    /// <summary>Orders cancelled or expired.</summary>
    public long Cancelled { get; set; }

    /// <summary>Cancels that came too late or were refused.</summary>
    public long CancelsRefused { get; set; }

    /// <summary>Answers to what had been answered before, and executions that do not add up.</summary>
    public long Duplicates { get; set; }

    /// <summary>Messages that broke the sequence of their session.</summary>
    public long SequenceErrors { get; set; }

    /// <summary>Session-level and business-level rejects.</summary>
    public long MessageRejects { get; set; }

    /// <summary>Reports on orders of earlier runs, and restatements.</summary>
    public long Foreign { get; set; }

    /// <summary>Messages received, of all kinds.</summary>
    public long MessagesReceived { get; set; }

    /// <summary>The words of the first reject of any kind; empty without one.</summary>
    public string FirstReject { get; set; } = string.Empty;

    /// <summary>From due to acknowledgement, of measured orders.</summary>
    public LatencyHistogram OrderLatency { get; } = new();

    /// <summary>Of <see cref="OrderLatency"/> those of sessions that had no outage yet.</summary>
    public LatencyHistogram BeforeOutage { get; } = new();

    /// <summary>Of <see cref="OrderLatency"/> those that became due within a second after their session's outage had ended.</summary>
    public LatencyHistogram AfterOutage { get; } = new();

    /// <summary>From due to answer, of measured cancels.</summary>
    public LatencyHistogram CancelLatency { get; } = new();

    /// <summary>Latency of orders answered in the running second; exchanged every second.</summary>
    public LatencyHistogram Interval { get; set; } = new();

    /// <summary>Requests sent again because the exchange asked for them.</summary>
    public long Resent { get; set; }

    /// <summary>Messages received by a resend (43=Y) that were new to us.</summary>
    public long Recovered { get; set; }

    /// <summary>Orders that the exchange never received, as its restatements after a reset showed.</summary>
    public long NotReceived { get; set; }

    /// <summary>What each session went without while it had no exchange.</summary>
    public List<Outage> Outages { get; } = [];

    /// <summary>Told of each outage that has ended.</summary>
    public Action<Outage>? OutageEnded { get; set; }

    /// <summary>Orders that wait for an answer.</summary>
    public long Outstanding => OrdersSent - OrdersAnswered - NotReceived;
}
