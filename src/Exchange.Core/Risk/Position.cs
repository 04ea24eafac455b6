using System.Runtime.InteropServices;

namespace Exchange.Core.Risk;

/// <summary>What an account has and could come to have in an instrument: two cache lines, of which a resting order touches the first.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
internal struct Position
{
    /// <summary>Size in bytes; what is left of it is for margin and settlement.</summary>
    public const int SizeBytes = 128;

    /// <summary>Bought less sold since the beginning.</summary>
    public long NetLots;

    /// <summary>What its open buy orders could still buy.</summary>
    public long OpenBuyLots;

    /// <summary>What its open sell orders could still sell.</summary>
    public long OpenSellLots;

    /// <summary>Its part of the account's gross position.</summary>
    public long GrossE8;

    /// <summary>Account.</summary>
    public int AccountId;

    /// <summary>Instrument.</summary>
    public int InstrumentId;

    /// <summary>Open orders.</summary>
    public int OpenOrders;

    /// <summary>Trading day of what follows.</summary>
    public int Day;

    /// <summary>Bought on that day; stays at the largest number when there is no larger one.</summary>
    public long BoughtLots;

    /// <summary>Sold on that day.</summary>
    public long SoldLots;

    /// <summary>Notional executed on that day.</summary>
    public UInt128 ExecutedE8;

    /// <summary>Reserved for margin, zero.</summary>
    public UInt128 Reserved0;

    /// <summary>Reserved for settlement, zero.</summary>
    public UInt128 Reserved1;

    /// <summary>The most that it could come to in either direction.</summary>
    public readonly long WorstLots => Math.Max(NetLots + OpenBuyLots, OpenSellLots - NetLots);
}
