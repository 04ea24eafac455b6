using System.Numerics;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Reference;

/// <summary>An account of a firm.</summary>
internal sealed class ReferenceAccount(ReferenceFirm firm, Text16 name)
{
    public ReferenceFirm Firm => firm;

    public Text16 Name => name;

    public SetLimitsCommand Limits { get; set; }

    public HashSet<int> Restricted { get; } = [];

    public bool IsKilled { get; set; }

    public bool IsListed { get; set; }

    public BigInteger ExecutedNotionalToday { get; set; }

    /// <summary>Net position by instrument, in 10^-8.</summary>
    public Dictionary<int, long> Positions { get; } = [];

    /// <summary>The price at which an instrument's position was valued when it was last touched (8.10).</summary>
    public Dictionary<int, long> GrossPrices { get; } = [];
}
