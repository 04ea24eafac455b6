using Exchange.Protocol.Commands;

namespace Exchange.Reference;

/// <summary>Market-maker protection of a firm in a group (9.3).</summary>
internal sealed class ReferenceProtection
{
    public SetProtectionCommand Settings { get; set; }

    public bool IsTripped { get; set; }

    /// <summary>Quote fills: when, how much, at what notional.</summary>
    public List<(long AtNs, long Quantity, long Notional)> Fills { get; } = [];
}
