using Exchange.Core.Instruments;
using Exchange.Protocol;
using Exchange.Protocol.Commands;

namespace Exchange.Core.Orders;

/// <summary>Whether the exchange can take what a request asks for, whatever the state of the books: first reason found wins.</summary>
internal static class OrderChecks
{
    /// <summary>Checks a new order and converts it.</summary>
    public static Refusal CheckNew(in NewOrderCommand command, InstrumentTable instruments, out OrderTerms terms)
    {
        terms = default;
        if (!instruments.TryFind(in command.Symbol, out Instrument? instrument))
        {
            return new Refusal(ReasonCode.UnknownSymbol);
        }

        terms.Instrument = instrument;
        if (command.Side is not (Side.Buy or Side.Sell))
        {
            return new Refusal(ReasonCode.UnsupportedSide, (long)command.Side);
        }

        if (command.OrdType is not (OrdType.Limit or OrdType.Market))
        {
            return new Refusal(ReasonCode.UnsupportedOrdType, (long)command.OrdType);
        }

        bool immediate = command.TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill;
        if (!immediate && command.TimeInForce is not (TimeInForce.Day or TimeInForce.GoodTillCancel))
        {
            return new Refusal(ReasonCode.UnsupportedTimeInForce, (long)command.TimeInForce);
        }

        Refusal refusal = CheckQuantity(instrument, command.QuantityE8, out terms.QuantityLots);
        if (refusal.IsRefused)
        {
            return refusal;
        }

        if (command.OrdType == OrdType.Limit)
        {
            terms.IsImmediate = immediate;
            return CheckPrice(instrument, command.PriceE8, out terms.PriceTicks);
        }

        terms.IsImmediate = true;
        terms.PriceTicks = command.Side == Side.Buy ? instrument.PriceMaxTicks : instrument.PriceMinTicks;
        return command.PriceE8 == FixedPoint.Absent ? Refusal.None : new Refusal(ReasonCode.PriceNotAllowed, command.PriceE8);
    }

    /// <summary>Checks a replacement against the order that it would replace, and converts it.</summary>
    public static Refusal CheckReplace(in ReplaceOrderCommand command, in OrderDetail order, Instrument instrument, out OrderTerms terms)
    {
        terms = default;
        terms.Instrument = instrument;
        if (command.Symbol != instrument.Symbol || command.Side != order.Side || (!command.Account.IsEmpty && command.Account != order.Account))
        {
            return new Refusal(ReasonCode.ReplaceChangesIdentity);
        }

        if (command.OrdType != OrdType.Limit)
        {
            return new Refusal(ReasonCode.UnsupportedOrdType, (long)command.OrdType);
        }

        if (command.TimeInForce is not (0 or TimeInForce.Day or TimeInForce.GoodTillCancel))
        {
            return new Refusal(ReasonCode.UnsupportedTimeInForce, (long)command.TimeInForce);
        }

        Refusal refusal = CheckQuantity(instrument, command.QuantityE8, out terms.QuantityLots);
        if (refusal.IsRefused)
        {
            return refusal;
        }

        refusal = CheckPrice(instrument, command.PriceE8, out terms.PriceTicks);
        if (refusal.IsRefused)
        {
            return refusal;
        }

        return terms.QuantityLots <= order.CumLots
            ? new Refusal(ReasonCode.ReplaceBelowExecuted, command.QuantityE8, instrument.ToQuantityE8(order.CumLots))
            : Refusal.None;
    }

    private static Refusal CheckQuantity(Instrument instrument, long quantityE8, out long lots)
    {
        ReasonCode reason = instrument.TryToLots(quantityE8, out lots);
        return reason switch
        {
            ReasonCode.None => Refusal.None,
            ReasonCode.QuantityOutOfRange => new Refusal(reason, quantityE8 == FixedPoint.Absent ? 0 : quantityE8, instrument.QuantityMaxE8),
            _ => new Refusal(reason, quantityE8, instrument.QuantityStepE8),
        };
    }

    private static Refusal CheckPrice(Instrument instrument, long priceE8, out long ticks)
    {
        ticks = 0;
        if (priceE8 == FixedPoint.Absent)
        {
            return new Refusal(ReasonCode.PriceMissing);
        }

        ReasonCode reason = instrument.TryToTicks(priceE8, out ticks);
        return reason switch
        {
            ReasonCode.None => Refusal.None,
            ReasonCode.PriceOutOfRange => new Refusal(reason, priceE8, instrument.PriceMaxE8),
            _ => new Refusal(reason, priceE8, instrument.PriceTickE8),
        };
    }
}
