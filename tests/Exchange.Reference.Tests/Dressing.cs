using System.Runtime.InteropServices;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Reference.Tests;

/// <summary>What the features add to orders and instruments.</summary>
internal sealed class Dressing(Dice dice, Feature features)
{
    private const long One = FixedPoint.Scale;
    private const long SecondNs = 1_000_000_000;

    private static readonly string[] Symbols = ["XAU", "XAG", "XPT", "NONE"];

    private readonly Dice _dice = dice;

    /// <summary>The time that the next command comes at, roughly.</summary>
    public long NowNs { get; set; } = Contest.StartNs;

    private bool Has(Feature feature) => (features & feature) != 0;

    public DefineInstrumentCommand Instrument(int index)
    {
        DefineInstrumentCommand command = new()
        {
            Symbol = Text24.From(Symbols[index]),
            Currency = Text16.From("USD"),
            PriceTickE8 = One / 100,
            QuantityStepE8 = One,
            QuantityMaxE8 = 1_000_000 * One,
            PriceMinE8 = One / 100,
            PriceMaxE8 = 100 * One,
        };
        if (Has(Feature.Instrument))
        {
            Vary(index, ref command);
        }

        if (Has(Feature.Collar))
        {
            command.DynamicCollarBp = _dice.OneIn(2) ? 5 + _dice.Below(60) : 0;
            command.StaticCollarBp = _dice.OneIn(2) ? 20 + _dice.Below(150) : 0;
            command.MarketBandBp = _dice.OneIn(2) ? _dice.Below(60) : 0;
            command.ReferencePriceE8 = _dice.OneIn(4) ? 0 : Near(10);
            command.CollarAction = Has(Feature.Phase) && _dice.OneIn(2) ? CollarAction.Auction : CollarAction.Reject;
            command.VolatilityAuctionNs = 30 * SecondNs;
        }

        if (Has(Feature.Risk))
        {
            command.NotionalMaxE8 = _dice.OneIn(3) ? (100 + _dice.Below(600)) * One : 0;
            command.PositionMaxE8 = _dice.OneIn(3) ? (20 + _dice.Below(300)) * One : 0;
            command.AccountOrdersMax = _dice.OneIn(3) ? 2 + _dice.Below(12) : 0;
            command.ReferencePriceE8 = _dice.OneIn(3) ? 0 : Near(10);
        }

        return command;
    }

    // 1.1, 1.2: a future, an inverse perpetual, a tick table.
    private void Vary(int index, ref DefineInstrumentCommand command)
    {
        switch (index)
        {
            case 0:
                command.Kind = InstrumentKind.Perpetual;
                command.MultiplierE8 = 3 * One / 2;
                command.TickCount = 3;
                command.Ticks[0] = new TickBand { FromE8 = One / 2, TickE8 = One / 50 };
                command.Ticks[1] = new TickBand { FromE8 = 10 * One, TickE8 = One / 20 };
                command.Ticks[2] = new TickBand { FromE8 = 11 * One, TickE8 = One / 2 };
                break;
            case 1:
                command.Kind = InstrumentKind.Perpetual;
                command.Flags = InstrumentFlags.Inverse;
                command.MultiplierE8 = 10 * One;
                command.QuantityMinE8 = 2 * One;
                command.SettlementCurrency = Text16.From("BTC");
                break;
            default:
                command.Kind = InstrumentKind.Perpetual;
                command.QuantityStepE8 = One / 2;
                command.QuantityMaxE8 = 80 * One;
                break;
        }
    }

    private long Near(int spread) => (10 * One) + ((_dice.Below((2 * spread) + 1) - spread) * (One / 100));

    // Mostly a price near the others, now and then one that nobody should send.
    private long OddPrice() => _dice.OneIn(30) ? Price() is var price && price == FixedPoint.Absent ? 0 : price : Near(_dice.Of(4, 8, 25));

    private long Part(long quantity) => _dice.Below(30) switch
    {
        0 => FixedPoint.Unrepresentable,
        1 => -One,
        2 => One / 4,
        3 => quantity,
        4 => 200 * One,
        _ => (1 + _dice.Below(6)) * One,
    };

    public void Dress(ref NewOrderCommand command)
    {
        if (Has(Feature.Stop) && _dice.OneIn(9))
        {
            command.OrdType = _dice.OneIn(2) ? OrdType.Stop : OrdType.StopLimit;
            command.StopPriceE8 = OddPrice();
            command.PriceE8 = command.OrdType == OrdType.Stop && !_dice.OneIn(30) ? FixedPoint.Absent : command.PriceE8;
            command.TimeInForce = _dice.OneIn(15) ? command.TimeInForce : _dice.Of(TimeInForce.Day, TimeInForce.GoodTillCancel);
        }
        else if (Has(Feature.MarketToLimit) && _dice.OneIn(20))
        {
            command.OrdType = OrdType.MarketToLimit;
            command.PriceE8 = _dice.OneIn(20) ? command.PriceE8 : FixedPoint.Absent;
            command.TimeInForce = _dice.OneIn(10) ? command.TimeInForce : _dice.Of(TimeInForce.Day, TimeInForce.GoodTillCancel);
        }

        if (Has(Feature.Gtd) && _dice.OneIn(15))
        {
            command.TimeInForce = TimeInForce.GoodTillDate;
            command.ExpireNs = Expiry(out bool isDate);
            command.Flags |= isDate ? OrderFlags.ExpiresOnDate : 0;
        }
        else if (Has(Feature.Gtd) && _dice.OneIn(300))
        {
            command.ExpireNs = Expiry(out _);
        }

        if (Has(Feature.Phase) && _dice.OneIn(12))
        {
            command.TimeInForce = _dice.Of(TimeInForce.AtTheOpening, TimeInForce.AtTheClose);
        }

        bool isPlain = command.OrdType == OrdType.Limit && (command.TimeInForce is TimeInForce.Day or TimeInForce.GoodTillCancel or TimeInForce.GoodTillDate || _dice.OneIn(20));
        command.DisplayQuantityE8 = Has(Feature.Iceberg) && isPlain && _dice.OneIn(7) ? Part(command.QuantityE8) : 0;
        command.MinQuantityE8 = Has(Feature.MinQty) && _dice.OneIn(command.DisplayQuantityE8 == 0 ? 14 : 60) ? Part(command.QuantityE8) : 0;
        command.Flags |= Has(Feature.PostOnly) && (isPlain ? _dice.OneIn(14) : _dice.OneIn(100)) ? OrderFlags.PostOnly : 0;
        if (Has(Feature.SelfTrade) && _dice.OneIn(5))
        {
            command.SelfTradeId = _dice.OneIn(3) ? 0 : _dice.Of(0x4731000000000000UL, 0x4732000000000000UL);
            command.SelfTradeMode = (SelfTradeMode)_dice.Below(5);
        }
    }

    // The sender does not know what the order is; sometimes it guesses right.
    public void Dress(ref ReplaceOrderCommand command)
    {
        int kind = _dice.Below(12);
        if (Has(Feature.Stop) && kind < 2)
        {
            command.OrdType = kind == 0 ? OrdType.Stop : OrdType.StopLimit;
            command.StopPriceE8 = _dice.OneIn(3) ? 0 : OddPrice();
            command.PriceE8 = command.OrdType == OrdType.Stop && !_dice.OneIn(30) ? FixedPoint.Absent : command.PriceE8;
        }
        else if (Has(Feature.MarketToLimit) && kind == 2)
        {
            command.OrdType = OrdType.MarketToLimit;
            command.PriceE8 = _dice.OneIn(2) ? command.PriceE8 : FixedPoint.Absent;
        }

        if (Has(Feature.Gtd) && _dice.OneIn(15))
        {
            command.TimeInForce = _dice.OneIn(3) ? 0 : TimeInForce.GoodTillDate;
            command.ExpireNs = _dice.OneIn(3) ? 0 : Expiry(out _);
        }

        command.DisplayQuantityE8 = Has(Feature.Iceberg) && _dice.OneIn(12) ? Part(command.QuantityE8) : 0;
        command.MinQuantityE8 = Has(Feature.MinQty) && _dice.OneIn(25) ? Part(command.QuantityE8) : 0;
        command.Flags |= Has(Feature.PostOnly) && _dice.OneIn(20) ? OrderFlags.PostOnly : 0;
    }

    // Soon, today, never, or too late; a date is the start of a day.
    private long Expiry(out bool isDate)
    {
        const long DayNs = 86_400 * SecondNs;
        isDate = _dice.OneIn(3);
        return isDate
            ? (NowNs / DayNs * DayNs) + ((_dice.Below(4) - 1) * DayNs)
            : _dice.Below(20) switch { 0 => 1, 1 => long.MaxValue, 2 => NowNs - SecondNs, _ => NowNs + (_dice.Below(20_000) * 1_000_000L) };
    }

    public SetLimitsCommand Limits()
    {
        long Maybe(int from, int spread) => _dice.OneIn(3) ? (from + _dice.Below(spread)) * One : 0;
        bool isAccount = _dice.OneIn(2);
        return new SetLimitsCommand
        {
            Firm = Firm(),
            Account = isAccount ? Account() : default,
            Scope = isAccount ? RiskScope.Account : RiskScope.Firm,
            SelfTradeMode = Has(Feature.SelfTrade) ? (SelfTradeMode)_dice.Below(5) : SelfTradeMode.None,
            FatFingerBp = _dice.OneIn(3) ? 5 + _dice.Below(80) : 0,
            OrderQuantityMaxE8 = Maybe(5, 100),
            OrderNotionalMaxE8 = Maybe(50, 1_000),
            OpenOrdersMax = _dice.OneIn(3) ? 2 + _dice.Below(20) : 0,
            OrdersPerSecondMax = _dice.OneIn(3) ? 3 + _dice.Below(100) : 0,
            RepeatedOrdersMax = _dice.OneIn(3) ? 1 + _dice.Below(2) : 0,
            RepeatedWindowNs = 1_000_000,
            PositionMaxE8 = Maybe(10, 400),
            GrossPositionMaxE8 = Maybe(100, 8_000),
            CreditMaxE8 = Maybe(1_000, 60_000),
        };
    }

    public RestrictCommand Restriction()
    {
        bool isAccount = _dice.OneIn(2);
        return new RestrictCommand
        {
            Firm = Firm(),
            Account = isAccount ? Account() : default,
            Scope = isAccount ? RiskScope.Account : RiskScope.Firm,
            Symbol = Symbol(),
            IsRestricted = _dice.OneIn(4) ? (byte)1 : (byte)0,
        };
    }

    public KillSwitchCommand Kill()
    {
        RiskScope scope = _dice.Of(RiskScope.Market, RiskScope.Firm, RiskScope.Session, RiskScope.Account);
        KillSwitchCommand command = new()
        {
            Firm = scope is RiskScope.Firm or RiskScope.Account ? Firm() : default,
            Account = scope == RiskScope.Account ? Account() : default,
            Scope = scope,
            IsPulled = _dice.OneIn(4) ? (byte)1 : (byte)0,
        };
        command.Header.SessionId = scope == RiskScope.Session ? _dice.Below(StreamMaker.SessionCount) : -1;
        return command;
    }

    public SetPhaseCommand Phase()
    {
        bool isGroup = _dice.OneIn(3);
        return new SetPhaseCommand
        {
            GroupName = isGroup ? Text16.From("MAIN") : default,
            Symbol = isGroup ? default : Symbol(),
            Phase = _dice.OneIn(3) ? MarketPhase.Continuous : (MarketPhase)(isGroup ? 1 + _dice.Below(8) : _dice.Below(9)),
            DurationNs = _dice.OneIn(2) ? _dice.Below(2_000_000) : 0,
        };
    }

    /// <summary>The bytes of a mass quote of up to four entries.</summary>
    public byte[] Quote(int session)
    {
        int count = 1 + _dice.Below(4);
        byte[] bytes = new byte[MassQuoteCommand.SizeBytes + (count * QuoteEntry.SizeBytes)];
        ref MassQuoteCommand command = ref MemoryMarshal.AsRef<MassQuoteCommand>(bytes.AsSpan());
        command.QuoteId = Text40.From($"q{session}{_dice.Below(10)}");
        command.Account = _dice.OneIn(6) ? Account() : default;
        command.EntryCount = count;
        command.ResponseLevel = (byte)_dice.Of('0', '1', '2', '2');
        command.IsExcessive = _dice.OneIn(100) ? (byte)1 : (byte)0;
        command.Header.Flags = _dice.OneIn(100) ? FixMessageFlags.PossResend : FixMessageFlags.None;
        Span<QuoteEntry> entries = MemoryMarshal.Cast<byte, QuoteEntry>(bytes.AsSpan(MassQuoteCommand.SizeBytes));
        for (int i = 0; i < count; i++)
        {
            QuoteEntry entry = new() { QuoteEntryId = Text16.From($"{i + 1}"), QuoteSetId = Text16.From("1"), Symbol = Symbol() };
            (entry.BidPriceE8, entry.BidQuantityE8) = QuoteSide(-3);
            (entry.OfferPriceE8, entry.OfferQuantityE8) = QuoteSide(3);
            entries[i] = entry;
        }

        return bytes;
    }

    private (long Price, long Quantity) QuoteSide(int away) => _dice.Below(20) switch
    {
        0 or 1 => (FixedPoint.Absent, FixedPoint.Absent),
        2 => (0, 0),
        3 => (Price(), Quantity()),
        _ => (Near(3) + (away * (One / 100)), (1 + _dice.Below(8)) * One),
    };

    /// <summary>Withdraws quotes of one symbol, of a group, or all.</summary>
    public QuoteCancelCommand QuoteCancel()
    {
        int type = _dice.Of(1, 4);
        return new QuoteCancelCommand
        {
            QuoteId = Text40.From("z"),
            Symbol = type == 1 ? Symbol() : default,
            GroupName = type == 4 && _dice.OneIn(3) ? Text16.From("MAIN") : default,
            CancelType = type,
        };
    }

    private Text16 Firm() => Text16.From(_dice.Of("F1", "F2", "F3"));

    private Text16 Account() => Text16.From(_dice.Of("A1", "A2", "A3", ""));

    public Text24 Symbol() => Text24.From(_dice.OneIn(300) ? Symbols[^1] : Symbols[Math.Min(StreamMaker.InstrumentCount - 1, _dice.Below(6) / 2 * (1 - (_dice.Below(3) / 2)))]);

    public long Quantity() => _dice.Below(400) switch
    {
        0 => 0,
        1 => -One,
        2 => One / 2,
        3 => FixedPoint.Absent,
        4 => FixedPoint.Unrepresentable,
        5 => long.MaxValue,
        6 => 1_000_000 * One,
        7 => 1_000_001 * One,
        _ => (1 + _dice.Below(_dice.OneIn(4) ? 100 : 12)) * One,
    };

    public long Price() => _dice.Below(400) switch
    {
        0 => 0,
        1 => -One,
        2 => FixedPoint.Absent,
        3 => FixedPoint.Unrepresentable,
        4 => long.MaxValue,
        5 => 10 * One + 1,
        6 => One / 100,
        7 => 100 * One,
        8 => 100 * One + (One / 100),
        _ => (10 * One) + ((_dice.Below(_dice.OneIn(5) ? 41 : 11) - 5) * (One / 100)),
    };
}
