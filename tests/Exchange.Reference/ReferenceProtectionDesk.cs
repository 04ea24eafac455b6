using Exchange.Protocol;

namespace Exchange.Reference;

/// <summary>Rule 9.3: market-maker protection.</summary>
internal sealed class ReferenceProtectionDesk(ReferenceVenue venue)
{
    private const int PartCount = 16;

    /// <summary>Ends a quote; given by who can.</summary>
    public Action<ReferenceOrder, Reason> Withdraw { get; set; } = (_, _) => { };

    /// <summary>Whether the order is a quote that is to be withdrawn where it is met.</summary>
    public bool IsWithdrawn(ReferenceOrder order) => order.IsQuote && IsTripped(order.Account.Firm, order.Instrument.Group);

    public static bool IsTripped(ReferenceFirm firm, ReferenceGroup group) => firm.Protections.TryGetValue(group.Id, out ReferenceProtection? protection) && protection.IsTripped;

    /// <summary>A fill counts if it is one of a quote; the one that reaches a limit trips.</summary>
    public void Traded(ReferenceOrder order, long quantity, long price)
    {
        if (!order.IsQuote || !order.Account.Firm.Protections.TryGetValue(order.Instrument.Group.Id, out ReferenceProtection? protection) || protection.IsTripped)
        {
            return;
        }

        protection.Fills.Add((venue.NowNs, quantity, order.Instrument.Notional(quantity, price)));
        long part = Math.Max(1, protection.Settings.WindowNs / PartCount);
        protection.Fills.RemoveAll(fill => fill.AtNs / part <= (venue.NowNs / part) - PartCount);
        bool isReached = IsReached(protection.Fills.Sum(fill => fill.Quantity), protection.Settings.QuantityMaxE8)
            || IsReached(protection.Fills.Sum(fill => fill.Notional), protection.Settings.NotionalMaxE8)
            || IsReached(protection.Fills.Count, protection.Settings.FillsMax);
        if (isReached)
        {
            Trip(order.Account.Firm, order.Instrument.Group, protection);
        }
    }

    private void Trip(ReferenceFirm firm, ReferenceGroup group, ReferenceProtection protection)
    {
        protection.IsTripped = true;
        venue.Begin(new ReferenceTask($"protection {firm.Name}", group.Id, () =>
        {
            ReferenceOrder? next = NextQuote(firm, group);
            if (next is not null)
            {
                Withdraw(next, new Reason(ReasonCode.MarketMakerProtection));
            }

            return NextQuote(firm, group) is not null;
        }));
    }

    private ReferenceOrder? NextQuote(ReferenceFirm firm, ReferenceGroup group) =>
        venue.Sessions.SelectMany(session => session.Open).Where(order => order.IsQuote && order.Account.Firm == firm && order.Instrument.Group == group).MinBy(order => order.Id);

    private static bool IsReached(long sum, long limit) => limit != 0 && sum >= limit;
}
