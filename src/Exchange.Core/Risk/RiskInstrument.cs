using Exchange.Protocol;
using Exchange.Protocol.Commands;

namespace Exchange.Core.Risk;

/// <summary>What risk needs of an instrument's definition, worked out once for each definition.</summary>
internal sealed class RiskInstrument
{
    /// <summary>Reads a definition that has been checked.</summary>
    public RiskInstrument(int id, in DefineInstrumentCommand definition)
    {
        bool isInverse = (definition.Flags & InstrumentFlags.Inverse) != 0;
        Id = id;
        Formula = new NotionalFormula(definition.PriceTickE8, definition.QuantityStepE8, definition.MultiplierE8, isInverse);
        TickE8 = definition.PriceTickE8;
        StepE8 = definition.QuantityStepE8;
        DearestTicks = (isInverse ? definition.PriceMinE8 : definition.PriceMaxE8) / definition.PriceTickE8;
        GrossTicks = definition.ReferencePriceE8 > 0 ? definition.ReferencePriceE8 / definition.PriceTickE8 : DearestTicks;
        NotionalMaxE8 = definition.NotionalMaxE8;
        PositionMaxE8 = definition.PositionMaxE8;
        AccountOrdersMax = definition.AccountOrdersMax;
    }

    /// <summary>Number of the instrument.</summary>
    public int Id { get; }

    /// <summary>Worth of its quantities.</summary>
    public readonly NotionalFormula Formula;

    /// <summary>Base tick.</summary>
    public long TickE8 { get; }

    /// <summary>Quantity step.</summary>
    public long StepE8 { get; }

    /// <summary>The price of the range at which a quantity is worth most: the highest, of an inverse contract the lowest.</summary>
    public long DearestTicks { get; }

    /// <summary>The price at which gross positions are worth: the definition's reference price, without one the dearest.</summary>
    public long GrossTicks { get; }

    /// <summary>Largest notional of an order; 0 for no limit.</summary>
    public long NotionalMaxE8 { get; }

    /// <summary>Largest worst-case position of an account; 0 for no limit.</summary>
    public long PositionMaxE8 { get; }

    /// <summary>Most open orders of an account; 0 for no limit.</summary>
    public int AccountOrdersMax { get; }
}
