namespace Exchange.Protocol;

/// <summary>MassStatusReqType (585) and MassCancelRequestType (530), as far as they are carried out; the value is the character on the wire.</summary>
public enum MassScope : byte
{
    /// <summary>Not set.</summary>
    None = 0,

    /// <summary>The orders of one security.</summary>
    Security = (byte)'1',

    /// <summary>The orders of one market group; for mass cancels.</summary>
    TradingSession = (byte)'6',

    /// <summary>All orders.</summary>
    All = (byte)'7',
}
