namespace Exchange.Simulation.Clients;

/// <summary>A request that has no answer yet.</summary>
internal sealed class TraderRequest
{
    public required string Id { get; init; }

    public required string Type { get; init; }

    public required string Body { get; init; }

    public required long SentNs { get; set; }

    /// <summary>Number under which it was sent last.</summary>
    public long SeqNum { get; set; }

    /// <summary>It was sent again with PossResend, so its answer may be a report of the order's state.</summary>
    public bool IsPossResent { get; set; }

    /// <summary>A message that breaks a rule on purpose; a Reject answers it.</summary>
    public bool IsBad { get; init; }
}
