using Exchange.Fix.Dictionary;

namespace Exchange.Host.Client.Terminal;

/// <summary>Bodies of messages about orders and quotes, from what was typed.</summary>
internal static class OrderForms
{
    /// <summary>NewOrderSingle (D) behind its ClOrdID.</summary>
    public static void New(FixMessageBuilder body, TerminalCommand command, FixDictionary version, long nowNs)
    {
        if (command.IsPostOnly)
        {
            body.Add(18, '6');
        }

        Optional(body, 110, command.MinQuantity);
        Optional(body, version.Has(FixMessageKind.NewOrderSingle, FixTag.DisplayQty) ? 1138 : 111, command.DisplayQuantity);
        body.Add(55, command.Symbol).Add(54, command.Side).AddTime(60, nowNs, 3).Add(38, command.Quantity).Add(40, command.OrdType);
        Optional(body, 44, command.Price);
        Optional(body, 99, command.StopPrice);
        body.Add(59, command.TimeInForce);
        if (command.Expiry.Length > 0)
        {
            body.Add(command.Expiry.Contains('-', StringComparison.Ordinal) ? 126 : 432, command.Expiry);
        }

        if (command.SelfTradeId.Length > 0)
        {
            body.Add(2362, command.SelfTradeId);
        }

        if (command.SelfTradeInstruction != '\0')
        {
            body.Add(2964, command.SelfTradeInstruction);
        }
    }

    /// <summary>MassQuote (i) of one entry, or QuoteCancel (Z), behind its QuoteID.</summary>
    public static void Quote(FixMessageBuilder body, TerminalCommand command)
    {
        if (command.Verb == TerminalVerb.Quote)
        {
            Entry(body, command);
            return;
        }

        body.Add(298, command.Symbol.Length > 0 ? '1' : '4');
        if (command.Text.Length > 0)
        {
            body.Add(336, command.Text);
        }

        if (command.Symbol.Length > 0)
        {
            body.Add(295, '1').Add(55, command.Symbol);
        }
    }

    private static void Entry(FixMessageBuilder body, TerminalCommand command)
    {
        if (command.Text.Length > 0)
        {
            body.Add(9773, 'Y');
        }

        body.Add(296, '1').Add(302, '1').Add(304, '1').Add(295, '1').Add(299, '1').Add(55, command.Symbol);
        if (command.Bid.IsGiven)
        {
            body.Add(132, command.Bid.Price);
        }

        if (command.Offer.IsGiven)
        {
            body.Add(133, command.Offer.Price);
        }

        if (command.Bid.IsGiven)
        {
            body.Add(134, command.Bid.Quantity);
        }

        if (command.Offer.IsGiven)
        {
            body.Add(135, command.Offer.Quantity);
        }
    }

    private static void Optional(FixMessageBuilder body, int tag, decimal? value)
    {
        if (value is decimal number)
        {
            body.Add(tag, number);
        }
    }
}
