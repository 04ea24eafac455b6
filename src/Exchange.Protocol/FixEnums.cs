namespace Exchange.Protocol;

/// <summary>FIX Side (tag 54); the value is the character on the wire.</summary>
public enum Side : byte
{
    /// <summary>Not sent.</summary>
    None = 0,

    /// <summary>Buy.</summary>
    Buy = (byte)'1',

    /// <summary>Sell.</summary>
    Sell = (byte)'2',
}

/// <summary>FIX LastLiquidityInd (tag 851); the value is the character on the wire.</summary>
public enum LastLiquidityInd : byte
{
    /// <summary>Not sent.</summary>
    None = 0,

    /// <summary>The order waited in the book.</summary>
    AddedLiquidity = (byte)'1',

    /// <summary>The order took from the book.</summary>
    RemovedLiquidity = (byte)'2',
}

/// <summary>FIX OrdType (tag 40); the value is the character on the wire.</summary>
public enum OrdType : byte
{
    /// <summary>Not sent.</summary>
    None = 0,

    /// <summary>Market.</summary>
    Market = (byte)'1',

    /// <summary>Limit.</summary>
    Limit = (byte)'2',

    /// <summary>Stop: a market order once its stop price trades.</summary>
    Stop = (byte)'3',

    /// <summary>Stop limit: a limit order once its stop price trades.</summary>
    StopLimit = (byte)'4',

    /// <summary>Market to limit: takes the best price, and what is left rests there (with leftover as limit).</summary>
    MarketToLimit = (byte)'K',
}

/// <summary>FIX TimeInForce (tag 59); the value is the character on the wire. Absent means Day.</summary>
public enum TimeInForce : byte
{
    /// <summary>Expires at the end of the trading day.</summary>
    Day = (byte)'0',

    /// <summary>Rests until filled or cancelled.</summary>
    GoodTillCancel = (byte)'1',

    /// <summary>For the opening auction only.</summary>
    AtTheOpening = (byte)'2',

    /// <summary>Executes what it can at once; the rest is cancelled.</summary>
    ImmediateOrCancel = (byte)'3',

    /// <summary>Executes in full at once or not at all.</summary>
    FillOrKill = (byte)'4',

    /// <summary>Rests until filled, cancelled or its time.</summary>
    GoodTillDate = (byte)'6',

    /// <summary>For the closing auction only.</summary>
    AtTheClose = (byte)'7',
}

/// <summary>FIX ExecType (tag 150); the value is the character on the wire (FIX 4.4 and later).</summary>
public enum ExecType : byte
{
    /// <summary>Not set.</summary>
    None = 0,

    /// <summary>New.</summary>
    New = (byte)'0',

    /// <summary>Canceled.</summary>
    Canceled = (byte)'4',

    /// <summary>Replaced.</summary>
    Replaced = (byte)'5',

    /// <summary>Rejected.</summary>
    Rejected = (byte)'8',

    /// <summary>Expired.</summary>
    Expired = (byte)'C',

    /// <summary>Restated: the open order as it stands, after a reset or failover.</summary>
    Restated = (byte)'D',

    /// <summary>Trade: a partial fill or a fill.</summary>
    Trade = (byte)'F',

    /// <summary>Order status, the answer to an OrderStatusRequest.</summary>
    OrderStatus = (byte)'I',

    /// <summary>Triggered or activated: a stop order has become a market or limit order.</summary>
    Triggered = (byte)'L',
}

/// <summary>FIX OrdStatus (tag 39); the value is the character on the wire.</summary>
public enum OrdStatus : byte
{
    /// <summary>Not set.</summary>
    None = 0,

    /// <summary>New.</summary>
    New = (byte)'0',

    /// <summary>Partially filled.</summary>
    PartiallyFilled = (byte)'1',

    /// <summary>Filled.</summary>
    Filled = (byte)'2',

    /// <summary>Canceled.</summary>
    Canceled = (byte)'4',

    /// <summary>Rejected.</summary>
    Rejected = (byte)'8',

    /// <summary>Expired.</summary>
    Expired = (byte)'C',
}
