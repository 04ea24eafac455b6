namespace Exchange.Core.Markets;

/// <summary>What a task of the venue does. Numbers are part of snapshots: never renumber, only append.</summary>
internal enum TaskKind : byte
{
    /// <summary>No task.</summary>
    None = 0,

    /// <summary>A market group's phase reaches its instruments, one after another. Subject: the group. Cursor: the next instrument.</summary>
    GroupPhase = 1,

    /// <summary>Orders that waited for the closing auction enter the book. Subject: the instrument.</summary>
    ClosingOrders = 2,

    /// <summary>An uncross, from the price to the next phase. Subject: the instrument.</summary>
    Uncross = 3,

    /// <summary>Stops that were elected are triggered. Subject: the instrument.</summary>
    Triggers = 4,

    /// <summary>Subscribers are told the state of an instrument. Subject: the instrument. Cursor: the next session.</summary>
    TellInstrument = 5,

    /// <summary>Subscribers are told the phase of a market group. Subject: the group. Cursor: the next session.</summary>
    TellGroup = 6,
}
