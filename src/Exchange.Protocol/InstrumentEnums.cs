namespace Exchange.Protocol;

/// <summary>What an instrument is. Numbers are part of the log.</summary>
public enum InstrumentKind : byte
{
    /// <summary>Shares, currency and crypto pairs.</summary>
    Spot = 0,

    /// <summary>A future with an expiry.</summary>
    Future = 1,

    /// <summary>A future without expiry.</summary>
    Perpetual = 2,

    /// <summary>A European option, settled in cash.</summary>
    Option = 3,
}

/// <summary>Call or put. Numbers are part of the log.</summary>
public enum OptionRight : byte
{
    /// <summary>No option.</summary>
    None = 0,

    /// <summary>The right to buy.</summary>
    Call = 1,

    /// <summary>The right to sell.</summary>
    Put = 2,
}

/// <summary>Switches of an instrument. Numbers are part of the log.</summary>
[Flags]
public enum InstrumentFlags : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>An inverse contract: its notional is quantity times multiplier divided by price.</summary>
    Inverse = 1,
}

/// <summary>What a trade outside of a collar would do instead of happening. Numbers are part of the log.</summary>
public enum CollarAction : byte
{
    /// <summary>What is left of the aggressor is cancelled.</summary>
    Reject = 0,

    /// <summary>A volatility auction begins.</summary>
    Auction = 1,
}

/// <summary>The phase of an instrument or a market group, see fix-spec/trading-rules.md, 2. Numbers are part of the log.</summary>
public enum MarketPhase : byte
{
    /// <summary>In a request: none of its own, follow the group.</summary>
    Group = 0,

    /// <summary>No entry; cancels only.</summary>
    Closed = 1,

    /// <summary>Orders are collected.</summary>
    PreOpen = 2,

    /// <summary>Orders are collected; ends by an uncross.</summary>
    OpeningAuction = 3,

    /// <summary>Orders trade as they come.</summary>
    Continuous = 4,

    /// <summary>Orders are collected after a price left its collar or a failover; ends by an uncross.</summary>
    VolatilityAuction = 5,

    /// <summary>Orders are collected; ends by an uncross into closed.</summary>
    ClosingAuction = 6,

    /// <summary>Trading is suspended; cancels only.</summary>
    Halt = 7,

    /// <summary>Cancels only, for example after a failover.</summary>
    CancelOnly = 8,

    /// <summary>Between an auction and what follows.</summary>
    Uncrossing = 9,
}

/// <summary>What happens when a firm or a group would trade with itself. Numbers are part of the log; 1 to 3 are those of SelfMatchPreventionInstruction (2964).</summary>
public enum SelfTradeMode : byte
{
    /// <summary>In an order: none stated; of a firm: self trades are not prevented.</summary>
    None = 0,

    /// <summary>What is left of the aggressor is cancelled.</summary>
    CancelNewest = 1,

    /// <summary>The resting order is cancelled.</summary>
    CancelOldest = 2,

    /// <summary>Both are cancelled.</summary>
    CancelBoth = 3,

    /// <summary>Both lose the smaller of both quantities.</summary>
    Decrement = 4,
}

/// <summary>What an order asks for besides. Numbers are part of the log.</summary>
[Flags]
public enum OrderFlags : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>ExecInst (18) 6: rest or be refused, never trade on arrival.</summary>
    PostOnly = 1,

    /// <summary>The order's expiry is a date (432), not a time (126).</summary>
    ExpiresOnDate = 2,

    /// <summary>The message asked by ExecInst (18) for something that is not carried out, so that it must be refused.</summary>
    UnsupportedInstruction = 4,
}
