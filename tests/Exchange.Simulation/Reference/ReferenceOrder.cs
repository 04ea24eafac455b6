using System.Numerics;

namespace Exchange.Simulation.Reference;

/// <summary>An order, open or closed.</summary>
internal sealed class ReferenceOrder
{
    public required long Id { get; init; }

    public required int SessionId { get; init; }

    public required ReferenceInstrument Instrument { get; init; }

    public required bool IsBuy { get; init; }

    public required string Account { get; init; }

    public required bool IsMarket { get; init; }

    public string ClOrdId { get; set; } = "";

    public char InForce { get; set; }

    /// <summary>In 10^-8.</summary>
    public long Price { get; set; }

    /// <summary>In 10^-8.</summary>
    public long Quantity { get; set; }

    /// <summary>In 10^-8.</summary>
    public long Executed { get; set; }

    /// <summary>Sum of price times quantity over all fills, in 10^-16.</summary>
    public BigInteger Paid { get; set; }

    /// <summary>Place in the queue of its price.</summary>
    public long Arrival { get; set; }

    /// <summary>OrdStatus (39) once it is closed; 0 while it is open.</summary>
    public char ClosedAs { get; set; }

    public long Leaves => ClosedAs == 0 ? Quantity - Executed : 0;

    public char Status => ClosedAs != 0 ? ClosedAs : Executed == 0 ? '0' : '1';

    /// <summary>AvgPx (6) in 10^-8, rounded half up.</summary>
    public long AveragePrice => Executed == 0 ? 0 : (long)(((2 * Paid) + Executed) / (2 * (BigInteger)Executed));
}
