namespace Exchange.Simulation.Rules;

/// <summary>What an account has in an instrument, in 10^-8.</summary>
internal sealed class RuleHolding
{
    public long Net { get; set; }

    public long OpenBuy { get; set; }

    public long OpenSell { get; set; }

    public int OpenOrders { get; set; }

    /// <summary>The largest worst case at the reference price when it was touched last.</summary>
    public Int128 Gross { get; set; }

    public long WorstLong => Net + OpenBuy;

    public long WorstShort => OpenSell - Net;
}
