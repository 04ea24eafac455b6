using Exchange.Fix.Dictionary;
using Exchange.Fix.Parsing;
using Exchange.Fix.Validation;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Gateway.Translation;

/// <summary>
/// Fills the order commands from valid messages. Each returns the command's length; 0 after a refusal, which happens only for
/// texts longer than their record fields.
/// </summary>
internal static class OrderTranslation
{
    /// <summary>NewOrderSingle (D).</summary>
    public static int NewOrder(FixMessage message, ref NewOrderCommand command)
    {
        if (!ClOrdId(message, FixTag.ClOrdID, out command.ClOrdId))
        {
            return TooLong(ref command.Header, FixTag.ClOrdID);
        }

        if (!Text24.TryCreate(message.Text(FixTag.Symbol), out command.Symbol))
        {
            return TooLong(ref command.Header, FixTag.Symbol);
        }

        if (!Text16.TryCreate(message.Text(FixTag.Account), out command.Account))
        {
            return TooLong(ref command.Header, FixTag.Account);
        }

        command.Header.Command.Type = CommandType.NewOrder;
        command.PriceE8 = message.Number(FixTag.Price, FixedPoint.Absent);
        command.QuantityE8 = message.Number(FixTag.OrderQty, FixedPoint.Absent);
        command.TransactTimeNs = message.Number(FixTag.TransactTime, 0);
        command.Side = (Side)message.Number(FixTag.Side, 0);
        command.OrdType = (OrdType)message.Number(FixTag.OrdType, 0);
        TimeInForce timeInForce = (TimeInForce)message.Number(FixTag.TimeInForce, 0);
        command.TimeInForce = timeInForce == 0 ? TimeInForce.Day : timeInForce;
        int plain = PlainCount(command.QuantityE8, command.PriceE8, timeInForce) + Count(command.Symbol.IsEmpty) + Count(command.Account.IsEmpty);
        return message.Count <= plain ? NewOrderCommand.SizeBytes : OrderExtras.Read(message, ref command);
    }

    /// <summary>OrderCancelRequest (F).</summary>
    public static int Cancel(FixMessage message, ref CancelOrderCommand command)
    {
        if (!ClOrdId(message, FixTag.ClOrdID, out command.ClOrdId))
        {
            return TooLong(ref command.Header, FixTag.ClOrdID);
        }

        if (!ClOrdId(message, FixTag.OrigClOrdID, out command.OrigClOrdId))
        {
            return TooLong(ref command.Header, FixTag.OrigClOrdID);
        }

        if (!Text24.TryCreate(message.Text(FixTag.Symbol), out command.Symbol))
        {
            return TooLong(ref command.Header, FixTag.Symbol);
        }

        command.Header.Command.Type = CommandType.CancelOrder;
        command.OrderId = OrderId(message);
        command.TransactTimeNs = message.Number(FixTag.TransactTime, 0);
        command.Side = (Side)message.Number(FixTag.Side, 0);
        return CancelOrderCommand.SizeBytes;
    }

    /// <summary>OrderCancelReplaceRequest (G).</summary>
    public static int Replace(FixMessage message, ref ReplaceOrderCommand command)
    {
        if (!ClOrdId(message, FixTag.ClOrdID, out command.ClOrdId))
        {
            return TooLong(ref command.Header, FixTag.ClOrdID);
        }

        if (!ClOrdId(message, FixTag.OrigClOrdID, out command.OrigClOrdId))
        {
            return TooLong(ref command.Header, FixTag.OrigClOrdID);
        }

        if (!Text24.TryCreate(message.Text(FixTag.Symbol), out command.Symbol))
        {
            return TooLong(ref command.Header, FixTag.Symbol);
        }

        if (!Text16.TryCreate(message.Text(FixTag.Account), out command.Account))
        {
            return TooLong(ref command.Header, FixTag.Account);
        }

        command.Header.Command.Type = CommandType.ReplaceOrder;
        command.OrderId = OrderId(message);
        command.PriceE8 = message.Number(FixTag.Price, FixedPoint.Absent);
        command.QuantityE8 = message.Number(FixTag.OrderQty, FixedPoint.Absent);
        command.TransactTimeNs = message.Number(FixTag.TransactTime, 0);
        command.Side = (Side)message.Number(FixTag.Side, 0);
        command.OrdType = (OrdType)message.Number(FixTag.OrdType, 0);
        command.TimeInForce = (TimeInForce)message.Number(FixTag.TimeInForce, 0);
        int plain = PlainCount(command.QuantityE8, command.PriceE8, command.TimeInForce) + Count(command.Symbol.IsEmpty) + Count(command.Account.IsEmpty) + 1;
        return message.Count <= plain ? ReplaceOrderCommand.SizeBytes : OrderExtras.Read(message, ref command);
    }

    /// <summary>OrderStatusRequest (H).</summary>
    public static int Status(FixMessage message, ref OrderStatusCommand command)
    {
        if (!ClOrdId(message, FixTag.ClOrdID, out command.ClOrdId))
        {
            return TooLong(ref command.Header, FixTag.ClOrdID);
        }

        if (!Text40.TryCreate(message.Text(FixTag.OrdStatusReqID), out command.OrdStatusReqId))
        {
            return TooLong(ref command.Header, FixTag.OrdStatusReqID);
        }

        if (!Text24.TryCreate(message.Text(FixTag.Symbol), out command.Symbol))
        {
            return TooLong(ref command.Header, FixTag.Symbol);
        }

        command.Header.Command.Type = CommandType.OrderStatus;
        command.OrderId = OrderId(message);
        command.Side = (Side)message.Number(FixTag.Side, 0);
        return OrderStatusCommand.SizeBytes;
    }

    /// <summary>
    /// Fields of an order that has nothing but what has been read: eight of header and trailer, ClOrdID, Side, TransactTime and OrdType, which must be
    /// there, and what else is. A plain order is known by it, and none of the seldom fields has to be looked for.
    /// </summary>
    private static int PlainCount(long quantityE8, long priceE8, TimeInForce timeInForce) =>
        12 + Count(quantityE8 == FixedPoint.Absent) + Count(priceE8 == FixedPoint.Absent) + Count(timeInForce == 0);

    private static int Count(bool isAbsent) => isAbsent ? 0 : 1;

    private static bool ClOrdId(FixMessage message, int tag, out Text40 id)
    {
        ReadOnlySpan<byte> text = message.Text(tag);
        id = default;
        return text.Length <= InboundTranslator.ClOrdIdLengthMax && Text40.TryCreate(text, out id);
    }

    /// <summary>OrderID (37): ours are positive numbers; anything else a client sends is no order of ours.</summary>
    private static long OrderId(FixMessage message)
    {
        if (!message.Contains(FixTag.OrderID))
        {
            return 0;
        }

        long id = message.Int64(FixTag.OrderID);
        return id > 0 ? id : -1;
    }

    internal static int TooLong(ref FixCommandHeader header, int tag)
    {
        InboundTranslator.Refuse(ref header, GatewayVerdict.SessionReject, (ushort)SessionRejectReason.ValueOutOfRange, tag);
        return 0;
    }
}
