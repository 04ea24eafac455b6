using Exchange.Core.Orders;
using Exchange.Core.Risk;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Core.Tests.Risk;

public sealed class RiskDeskTests : IDisposable
{
    private const long One = RiskHarness.One;

    private readonly RiskHarness _risk = new();

    public void Dispose() => _risk.Dispose();

    [Fact]
    public void WithoutLimitsEverythingIsAllowed()
    {
        int session = _risk.AddSession("ALPHA");
        int apple = _risk.Define("AAPL");
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(Refusal.None, _risk.Enter(session, apple, Side.Buy, 1 << 20, 100_00));
        }

        Assert.Equal(100, _risk.PositionOf("ALPHA", "", apple).OpenOrders);
    }

    [Fact]
    public void TheFirmsLimitIsLookedAtBeforeTheAccountsAndTheInstruments()
    {
        int session = _risk.AddSession("ALPHA");
        int apple = _risk.Define("AAPL", d => d.Command.NotionalMaxE8 = 1_000 * One);
        Assert.True(_risk.SetLimits("ALPHA", null, l => l with { OrderNotionalMaxE8 = 3_000 * One }));
        Assert.True(_risk.SetLimits("ALPHA", "A", l => l with { OrderNotionalMaxE8 = 2_000 * One }));

        Assert.Equal(new Refusal(ReasonCode.OrderNotionalLimit, 3_100 * One, 3_000 * One), _risk.Enter(session, apple, Side.Buy, 31, 100_00, "A"));
        Assert.Equal(new Refusal(ReasonCode.OrderNotionalLimit, 3_000 * One, 2_000 * One), _risk.Enter(session, apple, Side.Buy, 30, 100_00, "A"));
        Assert.Equal(new Refusal(ReasonCode.OrderNotionalLimit, 2_000 * One, 1_000 * One), _risk.Enter(session, apple, Side.Buy, 20, 100_00, "A"));
        Assert.Equal(Refusal.None, _risk.Enter(session, apple, Side.Buy, 10, 100_00, "A"));
    }

    [Fact]
    public void AnOrderWithoutALimitCountsAtTheReferencePriceAndWithoutOneAtTheDearest()
    {
        int session = _risk.AddSession("ALPHA");
        int apple = _risk.Define("AAPL");
        int inverse = _risk.Define("XBTUSD", d =>
        {
            d.Command.Kind = InstrumentKind.Perpetual;
            d.Command.Flags = InstrumentFlags.Inverse;
            d.Command.PriceMinE8 = 10 * One;
        });
        Assert.True(_risk.SetLimits("ALPHA", null, l => l with { OrderNotionalMaxE8 = 1_000 * One }));

        Assert.Equal(new Refusal(ReasonCode.OrderNotionalLimit, 1_000_000 * One, 1_000 * One), _risk.Enter(session, apple, Side.Buy, 1, 0));
        Assert.Equal(new Refusal(ReasonCode.OrderNotionalLimit, 1_001 * One, 1_000 * One), _risk.Enter(session, inverse, Side.Buy, 10_010, 0));
        _risk.ReferenceTicks = 100_00;
        Assert.Equal(Refusal.None, _risk.Enter(session, apple, Side.Buy, 10, 0, out int slot));
        Assert.Equal(new Refusal(ReasonCode.OrderNotionalLimit, 1_100 * One, 1_000 * One), _risk.Enter(session, apple, Side.Buy, 11, 0));

        // The reference price at entry stays the order's, whatever happens to the instrument's.
        _risk.ReferenceTicks = 900_00;
        Assert.Equal(100_00, _risk.Desk.ExposureTicksOf(slot, in _risk.Detail(slot)));
        _risk.Audit("after the reference price has moved");
    }

    [Theory]
    [InlineData(Side.Buy, 105_00, 0)]
    [InlineData(Side.Buy, 105_01, 105_00)]
    [InlineData(Side.Buy, 1, 0)]
    [InlineData(Side.Sell, 95_00, 0)]
    [InlineData(Side.Sell, 94_99, 95_00)]
    [InlineData(Side.Sell, 900_000_00, 0)]
    public void AFatFingerIsALimitFarOnTheWrongSideOfTheReferencePrice(Side side, long ticks, long bound)
    {
        int session = _risk.AddSession("ALPHA");
        int apple = _risk.Define("AAPL");
        Assert.True(_risk.SetLimits("ALPHA", null, l => l with { FatFingerBp = 500 }));
        Assert.Equal(Refusal.None, _risk.Enter(session, apple, side, 1, ticks));
        _risk.ReferenceTicks = 100_00;
        Refusal expected = bound == 0 ? Refusal.None : new Refusal(ReasonCode.FatFinger, ticks * One / 100, bound * One / 100);
        Assert.Equal(expected, _risk.Enter(session, apple, side, 1, ticks));
    }

    [Fact]
    public void OpenOrdersAreCountedPerFirmAccountAndInstrument()
    {
        int session = _risk.AddSession("ALPHA");
        int apple = _risk.Define("AAPL", d => d.Command.AccountOrdersMax = 1);
        int pear = _risk.Define("PEAR");
        Assert.True(_risk.SetLimits("ALPHA", null, l => l with { OpenOrdersMax = 3 }));
        Assert.True(_risk.SetLimits("ALPHA", "A", l => l with { OpenOrdersMax = 2 }));
        Assert.Equal(Refusal.None, _risk.Enter(session, apple, Side.Buy, 1, 100, out int first, "A"));
        Assert.Equal(new Refusal(ReasonCode.TooManyOpenOrders, 1, 1), _risk.Enter(session, apple, Side.Buy, 1, 100, "A"));
        Assert.Equal(Refusal.None, _risk.Enter(session, pear, Side.Buy, 1, 100, "A"));
        Assert.Equal(new Refusal(ReasonCode.TooManyOpenOrders, 2, 2), _risk.Enter(session, pear, Side.Buy, 1, 100, "A"));
        Assert.Equal(Refusal.None, _risk.Enter(session, pear, Side.Buy, 1, 100, "B"));
        Assert.Equal(new Refusal(ReasonCode.TooManyOpenOrders, 3, 3), _risk.Enter(session, pear, Side.Buy, 1, 100, "B"));
        _risk.Close(first);
        Assert.Equal(Refusal.None, _risk.Enter(session, apple, Side.Buy, 1, 100, "A"));
    }

    [Fact]
    public void TheOrderRateCountsRefusedOrdersTooAndBeginsAnewAfterASecond()
    {
        int session = _risk.AddSession("ALPHA");
        int apple = _risk.Define("AAPL", d => d.Command.PositionMaxE8 = 1 * One);
        Assert.True(_risk.SetLimits("ALPHA", null, l => l with { OrdersPerSecondMax = 2 }));
        Assert.Equal(Refusal.None, _risk.Enter(session, apple, Side.Buy, 1, 100));
        Assert.Equal(ReasonCode.PositionLimit, _risk.Enter(session, apple, Side.Buy, 1, 100).Reason);
        Assert.Equal(new Refusal(ReasonCode.OrderRate, 3, 2), _risk.Enter(session, apple, Side.Sell, 1, 100));
        _risk.NowNs += 999_999_999;
        Assert.Equal(new Refusal(ReasonCode.OrderRate, 4, 2), _risk.Enter(session, apple, Side.Sell, 1, 100));
        _risk.NowNs += 1;
        Assert.Equal(Refusal.None, _risk.Enter(session, apple, Side.Sell, 1, 100));
    }

    [Fact]
    public void TheSameOrderAgainAndAgainIsRefusedUntilTheWindowIsOverOrAnotherComes()
    {
        int session = _risk.AddSession("ALPHA");
        int apple = _risk.Define("AAPL");
        Assert.False(_risk.SetLimits("ALPHA", null, l => l with { RepeatedOrdersMax = 2 }));
        Assert.True(_risk.SetLimits("ALPHA", null, l => l with { RepeatedOrdersMax = 2, RepeatedWindowNs = 1_000 }));
        Assert.Equal(Refusal.None, _risk.Enter(session, apple, Side.Buy, 1, 100));
        Assert.Equal(Refusal.None, _risk.Enter(session, apple, Side.Buy, 1, 100));
        Assert.Equal(new Refusal(ReasonCode.RepeatedOrder, 3, 2), _risk.Enter(session, apple, Side.Buy, 1, 100));
        Assert.Equal(Refusal.None, _risk.Enter(session, apple, Side.Buy, 2, 100));
        Assert.Equal(Refusal.None, _risk.Enter(session, apple, Side.Buy, 2, 100));
        Assert.Equal(ReasonCode.RepeatedOrder, _risk.Enter(session, apple, Side.Buy, 2, 100).Reason);
        _risk.NowNs += 1_000;
        Assert.Equal(Refusal.None, _risk.Enter(session, apple, Side.Buy, 2, 100));
    }

    [Fact]
    public void TheWorstCaseOfAPositionCountsOpenOrdersOfItsSideOnly()
    {
        int session = _risk.AddSession("ALPHA");
        int other = _risk.AddSession("BETA");
        int apple = _risk.Define("AAPL");
        Assert.True(_risk.SetLimits("ALPHA", "A", l => l with { PositionMaxE8 = 100 * One }));
        Assert.Equal(Refusal.None, _risk.Enter(session, apple, Side.Buy, 60, 100, out int buy, "A"));
        Assert.Equal(new Refusal(ReasonCode.PositionLimit, 101 * One, 100 * One), _risk.Enter(session, apple, Side.Buy, 41, 100, "A"));
        Assert.Equal(Refusal.None, _risk.Enter(session, apple, Side.Sell, 100, 101, out int sell, "A"));
        Assert.Equal(Refusal.None, _risk.Enter(other, apple, Side.Sell, 60, 100, out int counter));
        _risk.Trade(buy, counter, 60, 100);

        // Long 60: the open sells could make it short 40.
        Assert.Equal(60, _risk.PositionOf("ALPHA", "A", apple).NetLots);
        Assert.Equal(-60, _risk.PositionOf("BETA", "", apple).NetLots);
        Assert.Equal(Refusal.None, _risk.Enter(session, apple, Side.Sell, 60, 101, "A"));
        Assert.Equal(new Refusal(ReasonCode.PositionLimit, 101 * One, 100 * One), _risk.Enter(session, apple, Side.Sell, 1, 101, "A"));
        _risk.Close(sell);
        Assert.Equal(Refusal.None, _risk.Enter(session, apple, Side.Sell, 100, 101, "A"));
        _risk.Audit("at the end");
    }

    [Fact]
    public void AReplacementIsRefusedOnlyWhereItGrows()
    {
        int session = _risk.AddSession("ALPHA");
        int apple = _risk.Define("AAPL");
        Assert.Equal(Refusal.None, _risk.Enter(session, apple, Side.Buy, 100, 100_00, out int slot, "A"));
        Assert.True(_risk.SetLimits("ALPHA", "A", l => l with { PositionMaxE8 = 10 * One, CreditMaxE8 = 100 * One, GrossPositionMaxE8 = 1 }));
        Assert.Equal(Refusal.None, _risk.Replace(slot, 99, 100_00));
        Assert.Equal(Refusal.None, _risk.Replace(slot, 99, 99_99));
        Assert.Equal(ReasonCode.CreditLimit, _risk.Replace(slot, 99, 100_00).Reason);
        Assert.Equal(ReasonCode.PositionLimit, _risk.Replace(slot, 100, 99_00).Reason);
        _risk.Audit("after replacements");
    }

    [Fact]
    public void CreditCountsOpenOrdersAndTheDaysExecutions()
    {
        int session = _risk.AddSession("ALPHA");
        int other = _risk.AddSession("BETA");
        int apple = _risk.Define("AAPL");
        Assert.True(_risk.SetLimits("ALPHA", null, l => l with { CreditMaxE8 = 1_000 * One }));
        Assert.Equal(Refusal.None, _risk.Enter(session, apple, Side.Buy, 6, 100_00, out int buy));
        Assert.Equal(Refusal.None, _risk.Enter(other, apple, Side.Sell, 6, 50_00, out int sell));
        Assert.Equal(new Refusal(ReasonCode.CreditLimit, 1_100 * One, 1_000 * One), _risk.Enter(session, apple, Side.Buy, 5, 100_00));
        _risk.Trade(buy, sell, 6, 50_00);

        // 600 were open; 300 were executed.
        Assert.Equal(Refusal.None, _risk.Enter(session, apple, Side.Buy, 7, 100_00, out int second));
        Assert.Equal(ReasonCode.CreditLimit, _risk.Enter(session, apple, Side.Buy, 1, 100_00).Reason);
        _risk.Desk.EndDay();
        Assert.Equal(Refusal.None, _risk.Enter(session, apple, Side.Buy, 3, 100_00));
        Assert.Equal(ReasonCode.CreditLimit, _risk.Enter(session, apple, Side.Sell, 1, 100_00).Reason);
        _risk.Close(second);
        _risk.Audit("at the end");
    }

    [Fact]
    public void GrossPositionsCountTheLargerSideOfEveryInstrument()
    {
        int session = _risk.AddSession("ALPHA");
        int apple = _risk.Define("AAPL", d => d.Command.ReferencePriceE8 = 10 * One);
        int pear = _risk.Define("PEAR", d => d.Command.ReferencePriceE8 = 5 * One);
        Assert.True(_risk.SetLimits("ALPHA", "A", l => l with { GrossPositionMaxE8 = 100 * One }));
        Assert.Equal(Refusal.None, _risk.Enter(session, apple, Side.Buy, 6, 1_00, "A"));
        Assert.Equal(Refusal.None, _risk.Enter(session, apple, Side.Sell, 6, 1_00, "A"));
        Assert.Equal(Refusal.None, _risk.Enter(session, pear, Side.Sell, 8, 1_00, "A"));
        Assert.Equal(new Refusal(ReasonCode.GrossPositionLimit, 110 * One, 100 * One), _risk.Enter(session, apple, Side.Sell, 1, 1_00, "A"));
        Assert.Equal(Refusal.None, _risk.Enter(session, pear, Side.Buy, 8, 1_00, "A"));
    }

    [Fact]
    public void ASwitchBlocksWhomItConcerns()
    {
        int alpha = _risk.AddSession("ALPHA");
        int beta = _risk.AddSession("BETA");
        int apple = _risk.Define("AAPL");
        RiskRegister register = _risk.Desk.Register;
        Assert.Equal(Refusal.None, _risk.Enter(alpha, apple, Side.Buy, 1, 100, "A"));
        RiskFirm firm = register.FindFirm(Text16.From("ALPHA"))!;
        register.FindAccount(firm, Text16.From("A"))!.IsKilled = true;
        Assert.Equal(ReasonCode.EntryBlocked, _risk.Enter(alpha, apple, Side.Buy, 1, 100, "A").Reason);
        Assert.Equal(Refusal.None, _risk.Enter(alpha, apple, Side.Buy, 1, 100, "B"));
        register.SessionOf(alpha).IsKilled = true;
        Assert.Equal(ReasonCode.EntryBlocked, _risk.Enter(alpha, apple, Side.Buy, 1, 100, "B").Reason);
        Assert.Equal(Refusal.None, _risk.Enter(beta, apple, Side.Buy, 1, 100));
        _risk.Desk.IsMarketKilled = true;
        Assert.Equal(ReasonCode.EntryBlocked, _risk.Enter(beta, apple, Side.Buy, 1, 100).Reason);
    }

    [Fact]
    public void ARestrictedInstrumentIsRefusedUntilItIsAllowedAgain()
    {
        int session = _risk.AddSession("ALPHA");
        int apple = _risk.Define("AAPL");
        RestrictCommand command = new() { Firm = Text16.From("ALPHA"), Symbol = Text24.From("AAPL"), Scope = RiskScope.Firm, IsRestricted = 1 };
        Assert.True(_risk.Desk.Register.Restrict(in command));
        Assert.Equal(ReasonCode.InstrumentRestricted, _risk.Enter(session, apple, Side.Buy, 1, 100).Reason);
        command.IsRestricted = 0;
        Assert.True(_risk.Desk.Register.Restrict(in command));
        Assert.Equal(Refusal.None, _risk.Enter(session, apple, Side.Buy, 1, 100));
        command.Symbol = Text24.From("NONE");
        Assert.False(_risk.Desk.Register.Restrict(in command));
    }

    [Fact]
    public void ListedAccountsAreTheOnlyOnesAndAnAbsentOneIsTheDefault()
    {
        int session = _risk.AddSession("ALPHA");
        int apple = _risk.Define("AAPL");
        Assert.Equal(Refusal.None, _risk.Enter(session, apple, Side.Buy, 1, 100, "ANY"));
        DefineAccountCommand listed = new() { Firm = Text16.From("ALPHA"), Account = Text16.From("A") };
        Assert.True(_risk.Desk.Register.DefineAccount(in listed));
        Assert.Equal(ReasonCode.UnknownAccount, _risk.Enter(session, apple, Side.Buy, 1, 100, "ANY").Reason);
        Assert.Equal(ReasonCode.UnknownAccount, _risk.Enter(session, apple, Side.Buy, 1, 100).Reason);
        AssignFirmCommand assign = new() { Firm = Text16.From("ALPHA"), DefaultAccount = Text16.From("A") };
        Assert.True(_risk.Desk.Register.Assign(in assign, openOrders: 1));
        Assert.Equal(Refusal.None, _risk.Enter(session, apple, Side.Buy, 1, 100, out int slot));
        Assert.Equal("A", _risk.Detail(slot).Account.ToString());
    }

    [Fact]
    public void ASessionWithOpenOrdersStaysInItsFirm()
    {
        _risk.AddSession("ALPHA");
        AssignFirmCommand assign = new() { Firm = Text16.From("GAMMA") };
        Assert.False(_risk.Desk.Register.Assign(in assign, openOrders: 1));
        Assert.True(_risk.Desk.Register.Assign(in assign, openOrders: 0));
        Assert.Equal("GAMMA", _risk.Desk.Register.SessionOf(0).Firm.Name.ToString());
    }

    [Fact]
    public void AFirmHasOnlySoManyAccountsThatNobodyListed()
    {
        int session = _risk.AddSession("ALPHA");
        int apple = _risk.Define("AAPL");
        for (int i = 0; i < RiskRegister.ImplicitAccountsMax; i++)
        {
            Assert.Equal(Refusal.None, _risk.Enter(session, apple, Side.Buy, 1, 100, $"A{i}"));
        }

        byte[] before = _risk.Snapshot();
        Assert.Equal(ReasonCode.UnknownAccount, _risk.Enter(session, apple, Side.Buy, 1, 100, "ONE-MORE").Reason);
        Assert.Equal(before, _risk.Snapshot());
    }

    [Fact]
    public void APositionMoreThanThereIsRoomForIsRefused()
    {
        using RiskHarness small = new(positionsMax: 2);
        int session = small.AddSession("ALPHA");
        int[] instruments = [small.Define("A"), small.Define("B"), small.Define("C")];
        Assert.Equal(Refusal.None, small.Enter(session, instruments[0], Side.Buy, 1, 100));
        Assert.Equal(Refusal.None, small.Enter(session, instruments[1], Side.Buy, 1, 100));
        Assert.Equal(new Refusal(ReasonCode.TooManyOpenOrders, 2, 2), small.Enter(session, instruments[2], Side.Buy, 1, 100));
        Assert.Equal(Refusal.None, small.Enter(session, instruments[1], Side.Buy, 1, 100));
    }
}
