using System.Numerics;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Reference;

/// <summary>A firm: its limits (8), and its market-maker protection in each group (9.3).</summary>
internal sealed class ReferenceFirm(Text16 name)
{
    public Text16 Name => name;

    public SetLimitsCommand Limits { get; set; }

    public HashSet<int> Restricted { get; } = [];

    public bool IsKilled { get; set; }

    /// <summary>Whether its accounts are listed, so that all others are unknown (3.10).</summary>
    public bool ListsAccounts { get; set; }

    public Dictionary<Text16, ReferenceAccount> Accounts { get; } = [];

    /// <summary>The second of log time that began with its first order (8.7), and how many came in it.</summary>
    public long SecondBeganNs { get; set; } = long.MinValue;

    public int OrdersInSecond { get; set; }

    public BigInteger ExecutedNotionalToday { get; set; }

    public Dictionary<int, ReferenceProtection> Protections { get; } = [];
}
