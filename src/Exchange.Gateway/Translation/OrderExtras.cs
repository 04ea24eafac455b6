using Exchange.Fix.Dictionary;
using Exchange.Fix.Parsing;
using Exchange.Protocol;
using Exchange.Protocol.Commands;

namespace Exchange.Gateway.Translation;

/// <summary>
/// What an order asks for besides price and quantity: stop price, display and minimum quantity, expiry, instructions, self-trade prevention. In the
/// records 0 stands for a field that was not sent, so a zero that was sent becomes <see cref="FixedPoint.Unrepresentable"/>, which no order may have.
/// </summary>
internal static class OrderExtras
{
    private const int SelfTradeIdLengthMax = 8;

    /// <summary>Fills the fields of a NewOrderSingle (D); the command's length, or 0 after a refusal.</summary>
    public static int Read(FixMessage message, ref NewOrderCommand command)
    {
        command.StopPriceE8 = Positive(message, FixTag.StopPx);
        command.MinQuantityE8 = Positive(message, FixTag.MinQty);
        command.DisplayQuantityE8 = Display(message, ref command.Flags);
        command.ExpireNs = Expiry(message, ref command.Flags);
        command.Flags |= Instructions(message.Text(FixTag.ExecInst));
        command.SelfTradeMode = (SelfTradeMode)message.Number(FixTag.SelfMatchPreventionInstruction, 0);
        return TryReadId(message.Text(FixTag.SelfMatchPreventionID), out command.SelfTradeId)
            ? NewOrderCommand.SizeBytes
            : OrderTranslation.TooLong(ref command.Header, FixTag.SelfMatchPreventionID);
    }

    /// <summary>Fills the fields of an OrderCancelReplaceRequest (G); the command's length.</summary>
    public static int Read(FixMessage message, ref ReplaceOrderCommand command)
    {
        command.StopPriceE8 = Positive(message, FixTag.StopPx);
        command.MinQuantityE8 = Positive(message, FixTag.MinQty);
        command.DisplayQuantityE8 = Display(message, ref command.Flags);
        command.ExpireNs = Expiry(message, ref command.Flags);
        command.Flags |= Instructions(message.Text(FixTag.ExecInst));
        return ReplaceOrderCommand.SizeBytes;
    }

    private static long Positive(FixMessage message, int tag)
    {
        long valueE8 = message.Number(tag, FixedPoint.Absent);
        return valueE8 switch
        {
            FixedPoint.Absent => 0,
            0 => FixedPoint.Unrepresentable,
            _ => valueE8,
        };
    }

    /// <summary>DisplayQty (1138) or MaxFloor (111). A message with both says the same thing in two ways that may differ, so it is refused.</summary>
    private static long Display(FixMessage message, ref OrderFlags flags)
    {
        long displayE8 = Positive(message, FixTag.DisplayQty);
        long floorE8 = Positive(message, FixTag.MaxFloor);
        if (displayE8 != 0 && floorE8 != 0)
        {
            flags |= OrderFlags.UnsupportedInstruction;
        }

        return displayE8 == 0 ? floorE8 : displayE8;
    }

    /// <summary>ExpireTime (126), or the start of the day of ExpireDate (432). Times before 1970 would read as absent or worse; they are past, which 1 ns is too.</summary>
    private static long Expiry(FixMessage message, ref OrderFlags flags)
    {
        long timeNs = message.Number(FixTag.ExpireTime, FixedPoint.Absent);
        if (timeNs != FixedPoint.Absent)
        {
            return Math.Max(1, timeNs);
        }

        long dateNs = message.Number(FixTag.ExpireDate, FixedPoint.Absent);
        if (dateNs == FixedPoint.Absent)
        {
            return 0;
        }

        flags |= OrderFlags.ExpiresOnDate;
        return Math.Max(1, dateNs);
    }

    /// <summary>ExecInst (18): values separated by spaces, of which 6 is carried out.</summary>
    private static OrderFlags Instructions(ReadOnlySpan<byte> instructions)
    {
        OrderFlags flags = OrderFlags.None;
        for (int i = 0; i < instructions.Length; i += 2)
        {
            flags |= instructions[i] == (byte)'6' ? OrderFlags.PostOnly : OrderFlags.UnsupportedInstruction;
        }

        return flags;
    }

    /// <summary>SelfMatchPreventionID (2362) as a number; false when it is too long or has other than visible ASCII characters.</summary>
    private static bool TryReadId(ReadOnlySpan<byte> text, out ulong id)
    {
        id = 0;
        if (text.Length > SelfTradeIdLengthMax || text.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
        {
            return false;
        }

        for (int i = 0; i < text.Length; i++)
        {
            id |= (ulong)text[i] << (56 - (8 * i));
        }

        return true;
    }
}
