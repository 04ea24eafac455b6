using System.Runtime.InteropServices;
using Exchange.Core.Orders;
using Exchange.Core.Tests.Scenarios;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.Text;

namespace Exchange.Core.Tests.Quotes;

/// <summary>What the scenarios of quotes do not tell: sizes, memory, and that a restart in the middle changes nothing.</summary>
public sealed class QuoteDeskTests
{
    private const long One = 100_000_000;

    [Fact]
    public void A_mass_quote_of_64_entries_allocates_nothing()
    {
        using ScenarioVenue venue = Venue(instruments: 64);
        int maker = venue.SessionOf("MM1");
        int other = venue.SessionOf("MM2");

        // Three prices in turn: entered anew, kept with a smaller size, and the second maker trades with the first.
        byte[][] makers = [Quote(64, 99, 101, 10), Quote(64, 99, 101, 5), Quote(64, 98, 102, 10)];
        byte[][] others = [Quote(64, 97, 99, 3), Quote(64, 101, 104, 3), Quote(64, 0, 0, 0)];
        long worst = 0;
        for (int i = 0; i < 600; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            venue.Message(maker, CommandType.MassQuote, makers[i % 3]);
            venue.Message(other, CommandType.MassQuote, others[i % 3]);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            worst = i < 300 ? 0 : Math.Max(worst, allocated);
        }

        Assert.Equal(0, worst);
        Assert.Equal(64 * 2, venue.Core.OpenOrderCount);
    }

    [Fact]
    public void A_message_of_more_entries_than_are_carried_out_changes_nothing()
    {
        using ScenarioVenue venue = Venue(instruments: 1);
        byte[] bytes = Quote(1, 99, 101, 10);
        MemoryMarshal.AsRef<MassQuoteCommand>(bytes.AsSpan()).IsExcessive = 1;
        venue.Message(venue.SessionOf("MM1"), CommandType.MassQuote, bytes);
        MassQuoteAckEvent ack = Ack(venue);
        Assert.Equal((5, ReasonCode.TooManyQuoteEntries, 64L, 0), (ack.QuoteStatus, ack.Text, ack.Limit, ack.EntryCount));
        Assert.Equal(0, venue.Core.OpenOrderCount);
    }

    [Fact]
    public void A_mass_quote_that_may_be_a_duplicate_is_refused()
    {
        using ScenarioVenue venue = Venue(instruments: 1);
        byte[] bytes = Quote(1, 99, 101, 10);
        MemoryMarshal.AsRef<FixCommandHeader>(bytes.AsSpan()).Flags = FixMessageFlags.PossResend;
        venue.Message(venue.SessionOf("MM1"), CommandType.MassQuote, bytes);
        Assert.Equal((5, ReasonCode.PossResendOutsideWindow, 6), (Ack(venue).QuoteStatus, Ack(venue).Text, Ack(venue).RejectReason));
        Assert.Equal(0, venue.Core.OpenOrderCount);
    }

    [Fact]
    public void A_price_without_a_size_and_a_size_without_a_price_are_refused()
    {
        using ScenarioVenue venue = Venue(instruments: 1);
        byte[] bytes = Quote(1, 99, 101, 10);
        ref QuoteEntry entry = ref MemoryMarshal.Cast<byte, QuoteEntry>(bytes.AsSpan(MassQuoteCommand.SizeBytes))[0];
        entry.BidQuantityE8 = FixedPoint.Absent;
        venue.Message(venue.SessionOf("MM1"), CommandType.MassQuote, bytes);
        Assert.Equal(ReasonCode.QuoteSizeMissing, Result(venue).Text);
        entry.BidQuantityE8 = One;
        entry.BidPriceE8 = FixedPoint.Absent;
        venue.Message(venue.SessionOf("MM1"), CommandType.MassQuote, bytes);
        Assert.Equal((ReasonCode.PriceMissing, 8), (Result(venue).Text, Result(venue).RejectReason));
        Assert.Equal(0, venue.Core.OpenOrderCount);
    }

    [Fact]
    public void The_venue_has_room_for_a_quote_or_refuses_its_entry()
    {
        using ScenarioVenue venue = Venue(instruments: 2, new OrderEntryLimits(OpenOrdersMax: 3));
        venue.Message(venue.SessionOf("MM1"), CommandType.MassQuote, Quote(2, 99, 101, 10));
        QuoteEntryResult[] results = Results(venue);
        Assert.Equal([ReasonCode.None, ReasonCode.TooManyOpenOrders], results.Select(result => result.Text));
        Assert.Equal(2, venue.Core.OpenOrderCount);

        // What is replaced gives its room back.
        venue.Message(venue.SessionOf("MM1"), CommandType.MassQuote, Quote(1, 98, 102, 11));
        Assert.Equal(ReasonCode.None, Result(venue).Text);
    }

    [Fact]
    public void A_protection_that_cannot_be_is_refused_and_changes_nothing()
    {
        using ScenarioVenue venue = Venue(instruments: 1);
        _ = venue.SessionOf("MM1");
        SetProtectionCommand sound = new() { Firm = Text16.From("MM1"), GroupName = Text16.From("MAIN"), WindowNs = 16, FillsMax = 1 };
        ulong before = venue.Core.StateHash();
        SetProtectionCommand[] unsound =
        [
            sound with { Firm = Text16.From("NOBODY") },
            sound with { GroupName = Text16.From("NOWHERE") },
            sound with { WindowNs = 15 },
            sound with { WindowNs = -1 },
            sound with { FillsMax = -1 },
            sound with { QuantityMaxE8 = -1 },
            sound with { NotionalMaxE8 = -1 },
        ];
        foreach (SetProtectionCommand command in unsound)
        {
            long refused = venue.Core.RefusedDefinitionCount;
            venue.Apply(CommandType.SetProtection, command);
            Assert.Equal(refused + 1, venue.Core.RefusedDefinitionCount);
        }

        Assert.NotEqual(before, venue.Core.StateHash());
        long last = venue.Core.RefusedDefinitionCount;
        venue.Apply(CommandType.SetProtection, sound);
        Assert.Equal(last, venue.Core.RefusedDefinitionCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_restart_in_the_middle_changes_nothing(int seed)
    {
        OrderEntryLimits limits = new(SliceActionsMax: 3, SliceVisitsMax: 7, OpenOrdersMax: 400);
        using ScenarioVenue straight = Venue(instruments: 8, limits);
        using ScenarioVenue restarted = Venue(instruments: 8, limits);
        Random random = new(seed);
        foreach (ScenarioVenue venue in new[] { straight, restarted })
        {
            for (int maker = 0; maker < 4; maker++)
            {
                _ = venue.SessionOf($"MM{maker}");
            }

            _ = venue.SessionOf("HFT");
            venue.Apply(CommandType.SetProtection, new SetProtectionCommand { Firm = Text16.From("MM1"), GroupName = Text16.From("MAIN"), WindowNs = 16_000_000, FillsMax = 4 });
            venue.Apply(CommandType.SetProtection, new SetProtectionCommand { Firm = Text16.From("MM2"), GroupName = Text16.From("MAIN"), WindowNs = 16_000_000, QuantityMaxE8 = 30 * One });
        }

        for (int i = 0; i < 3_000; i++)
        {
            (CommandType type, int session, byte[] bytes) = Any(random, i);
            foreach (ScenarioVenue venue in new[] { straight, restarted })
            {
                if (type == CommandType.TimerDue)
                {
                    venue.TimerDue();
                }
                else
                {
                    venue.Message(session, type, bytes.ToArray());
                }
            }

            if (random.Next(50) == 0)
            {
                restarted.Restart();
            }

            Assert.Equal(straight.Core.EventHash, restarted.Core.EventHash);
        }

        Assert.Equal(straight.Core.StateHash(), restarted.Core.StateHash());
    }

    private static (CommandType Type, int Session, byte[] Bytes) Any(Random random, int number)
    {
        int session = random.Next(4);
        switch (random.Next(10))
        {
            case < 5:
                int mid = random.Next(95, 106);
                byte[] quote = Quote(random.Next(1, 9), random.Next(6) == 0 ? 0 : mid - random.Next(1, 3), random.Next(6) == 0 ? 0 : mid + random.Next(1, 3), random.Next(1, 12));
                MemoryMarshal.AsRef<MassQuoteCommand>(quote.AsSpan()).ResetsProtection = (byte)(random.Next(5) == 0 ? 1 : 0);
                return (CommandType.MassQuote, session, quote);
            case 5:
                QuoteCancelCommand cancel = new()
                {
                    QuoteId = Text40.From($"Z{number}"),
                    CancelType = random.Next(2) == 0 ? 4 : 1,
                    Symbol = Text24.From($"I{random.Next(8)}"),
                    GroupName = random.Next(2) == 0 ? default : Text16.From("MAIN"),
                };
                return (CommandType.QuoteCancel, session, Bytes(cancel));
            case < 9:
                NewOrderCommand order = new()
                {
                    ClOrdId = Text40.From($"O{number}"),
                    Symbol = Text24.From($"I{random.Next(8)}"),
                    PriceE8 = random.Next(92, 109) * One,
                    QuantityE8 = random.Next(1, 25) * One,
                    Side = random.Next(2) == 0 ? Side.Buy : Side.Sell,
                    OrdType = OrdType.Limit,
                    TimeInForce = random.Next(3) switch { 0 => TimeInForce.Day, 1 => TimeInForce.ImmediateOrCancel, _ => TimeInForce.FillOrKill },
                };
                return (CommandType.NewOrder, 4, Bytes(order));
            default:
                return (CommandType.TimerDue, 0, []);
        }
    }

    private static ScenarioVenue Venue(int instruments, OrderEntryLimits? limits = null)
    {
        ScenarioVenue venue = new(limits ?? new OrderEntryLimits(OpenOrdersMax: 4_096));
        for (int i = 0; i < instruments; i++)
        {
            venue.Apply(CommandType.DefineInstrument, new DefineInstrumentCommand
            {
                Symbol = Text24.From($"I{i}"),
                SecurityType = Text16.From("CS"),
                Currency = Text16.From("USD"),
                PriceTickE8 = One,
                QuantityStepE8 = One,
                QuantityMaxE8 = 1_000 * One,
                PriceMinE8 = One,
                PriceMaxE8 = 1_000 * One,
            });
        }

        return venue;
    }

    private static byte[] Quote(int entries, long bid, long offer, long size)
    {
        byte[] bytes = new byte[MassQuoteCommand.SizeBytes + (entries * QuoteEntry.SizeBytes)];
        ref MassQuoteCommand command = ref MemoryMarshal.AsRef<MassQuoteCommand>(bytes.AsSpan());
        command.QuoteId = Text40.From("Q");
        command.EntryCount = entries;
        command.ResponseLevel = (byte)'2';
        Span<QuoteEntry> targets = MemoryMarshal.Cast<byte, QuoteEntry>(bytes.AsSpan(MassQuoteCommand.SizeBytes));
        for (int i = 0; i < entries; i++)
        {
            targets[i] = new QuoteEntry
            {
                QuoteEntryId = Text16.From($"{i}"),
                QuoteSetId = Text16.From("S"),
                Symbol = Text24.From($"I{i}"),
                BidPriceE8 = bid * One,
                BidQuantityE8 = size * One,
                OfferPriceE8 = offer * One,
                OfferQuantityE8 = size * One,
            };
        }

        return bytes;
    }

    private static MassQuoteAckEvent Ack(ScenarioVenue venue)
    {
        long offset = 0;
        Assert.True(venue.Events.TryRead(ref offset, out ReadOnlySpan<byte> bytes));
        MassQuoteAckEvent ack = MemoryMarshal.Read<MassQuoteAckEvent>(bytes);
        Assert.Equal(EventType.MassQuoteAck, ack.Header.Type);
        return ack;
    }

    private static QuoteEntryResult Result(ScenarioVenue venue) => Results(venue)[0];

    private static QuoteEntryResult[] Results(ScenarioVenue venue)
    {
        long offset = 0;
        Assert.True(venue.Events.TryRead(ref offset, out ReadOnlySpan<byte> bytes));
        return MemoryMarshal.Cast<byte, QuoteEntryResult>(bytes[MassQuoteAckEvent.SizeBytes..]).ToArray();
    }

    private static byte[] Bytes<T>(T command)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in command)).ToArray();
}
