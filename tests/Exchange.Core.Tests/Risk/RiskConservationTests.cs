using Exchange.Core.Orders;
using Exchange.Core.Risk;
using Exchange.Protocol;

namespace Exchange.Core.Tests.Risk;

public sealed class RiskConservationTests
{
    private const long One = RiskHarness.One;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void WhateverHappensPositionsSumToZeroAndExposureIsThatOfTheOpenOrders(int seed)
    {
        Random random = new(seed);
        using RiskHarness risk = new();
        int[] sessions = [risk.AddSession("ALPHA"), risk.AddSession("ALPHA"), risk.AddSession("BETA"), risk.AddSession("GAMMA")];
        int[] instruments =
        [
            risk.Define("AAPL"),
            risk.Define("DEAR", d => { d.Command.Kind = InstrumentKind.Perpetual; d.Command.MultiplierE8 = long.MaxValue / 1_000; d.Command.ReferencePriceE8 = 5_000 * One; }),
            risk.Define("XBTUSD", d => { d.Command.Kind = InstrumentKind.Perpetual; d.Command.Flags = InstrumentFlags.Inverse; d.Command.MultiplierE8 = 100 * One; }),
            risk.Define("ODD", d => { d.Command.PriceTickE8 = 7; d.Command.PriceMinE8 = 7; d.Command.PriceMaxE8 = 70_000_007; d.Command.QuantityStepE8 = 13; d.Command.QuantityMaxE8 = 13L << 26; }),
        ];
        for (int i = 0; i < 20_000; i++)
        {
            Step(risk, random, sessions, instruments);
            if (i % 500 == 0)
            {
                risk.Audit($"seed {seed}, step {i}");
            }

            if (i % 2_000 == 1_999)
            {
                risk.Restart();
                risk.Audit($"seed {seed}, restarted at step {i}");
            }
        }
    }

    [Fact]
    public void ARefusalChangesNothing()
    {
        using RiskHarness risk = new();
        int session = risk.AddSession("ALPHA");
        int apple = risk.Define("AAPL", d => d.Command.PositionMaxE8 = One);
        Assert.True(risk.SetLimits("ALPHA", null, l => l with { OrderQuantityMaxE8 = 10 * One, CreditMaxE8 = 50 * One, FatFingerBp = 10 }));
        byte[] before = risk.Snapshot();
        risk.ReferenceTicks = 100;
        foreach ((long lots, long ticks) in (ReadOnlySpan<(long, long)>)[(1L << 36, 99), (11, 100), (2, 100), (1, long.MaxValue / One), (1, 101), (10, 1)])
        {
            Assert.True(risk.Enter(session, apple, Side.Buy, lots, ticks, "NEW").IsRefused);
            Assert.Equal(before, risk.Snapshot());
        }
    }

    [Fact]
    public void TheLargestOrdersOfAllSaturateAndAreTakenBackExactly()
    {
        using RiskHarness risk = new();
        int session = risk.AddSession("ALPHA");
        int huge = risk.Define("HUGE", d =>
        {
            d.Command.PriceTickE8 = long.MaxValue >> 30;
            d.Command.PriceMinE8 = long.MaxValue >> 30;
            d.Command.PriceMaxE8 = (long.MaxValue >> 30) << 29;
            d.Command.QuantityStepE8 = 1L << 24;
            d.Command.QuantityMaxE8 = 1L << 62;
            d.Command.Kind = InstrumentKind.Perpetual;
            d.Command.MultiplierE8 = long.MaxValue;
        });
        List<int> slots = [];
        for (int i = 0; i < 1_000; i++)
        {
            Assert.Equal(Refusal.None, risk.Enter(session, huge, Side.Buy, 1L << 38, 1 << 29, out int slot));
            slots.Add(slot);
        }

        Assert.Equal((Int128)long.MaxValue * 1_000, risk.Desk.Register.FirmAt(0).OpenNotionalE8);
        risk.Audit("all open");
        Assert.True(risk.SetLimits("ALPHA", null, l => l with { CreditMaxE8 = long.MaxValue }));
        Assert.Equal(new Refusal(ReasonCode.CreditLimit, long.MaxValue, long.MaxValue), risk.Enter(session, huge, Side.Sell, 1, 1 << 29));
        slots.ForEach(risk.Close);
        Assert.Equal(0, risk.Desk.Register.FirmAt(0).OpenNotionalE8);
        risk.Audit("all closed");
    }

    [Fact]
    public void NoPositionCanComeToMoreThanItsSumsHold()
    {
        using RiskHarness risk = new();
        int session = risk.AddSession("ALPHA");
        int instrument = risk.Define("AAPL");
        Assert.Equal(Refusal.None, risk.Enter(session, instrument, Side.Buy, RiskDesk.PositionMaxLots, 1));
        Assert.Equal(ReasonCode.PositionLimit, risk.Enter(session, instrument, Side.Buy, 1, 1).Reason);
        Assert.Equal(Refusal.None, risk.Enter(session, instrument, Side.Sell, RiskDesk.PositionMaxLots, 1));
        Assert.Equal(ReasonCode.PositionLimit, risk.Enter(session, instrument, Side.Sell, 1, 1).Reason);
        risk.Audit("at the end");
    }

    private static void Step(RiskHarness risk, Random random, int[] sessions, int[] instruments)
    {
        int any = risk.Open.Count == 0 ? 0 : risk.Open.ElementAt(random.Next(risk.Open.Count));
        switch (random.Next(risk.Open.Count > 1_000 ? 7 : 10))
        {
            case 0 or 1 when any != 0:
                risk.Close(any);
                break;
            case 2 when any != 0:
                _ = risk.Replace(any, random.NextInt64(1, 1 << 20), risk.Desk.KeptExposureTicks(any, in risk.Detail(any)) != 0 && random.Next(2) == 0 ? 0 : random.NextInt64(1, 10_000));
                break;
            case 3 when any != 0:
                risk.Shrink(any, random.NextInt64(1, risk.Detail(any).LeavesLots + 1));
                break;
            case 4 or 5 or 6 when any != 0:
                TradeAny(risk, random, any);
                break;
            default:
                if (random.Next(200) == 0)
                {
                    risk.Desk.EndDay();
                }

                risk.ReferenceTicks = random.Next(3) == 0 ? 0 : random.Next(1, 10_000);
                string account = random.Next(3) == 0 ? "" : $"A{random.Next(4)}";
                Side side = random.Next(2) == 0 ? Side.Buy : Side.Sell;
                long ticks = random.Next(4) == 0 ? 0 : random.Next(1, 10_000);
                Assert.Equal(Refusal.None, risk.Enter(sessions[random.Next(sessions.Length)], instruments[random.Next(instruments.Length)], side, random.NextInt64(1, 1 << 20), ticks, account));
                break;
        }
    }

    private static void TradeAny(RiskHarness risk, Random random, int slot)
    {
        OrderDetail detail = risk.Detail(slot);
        int other = risk.Open.FirstOrDefault(o => risk.Detail(o).InstrumentId == detail.InstrumentId && risk.Detail(o).Side != detail.Side);
        if (other != 0)
        {
            long lots = random.NextInt64(1, Math.Min(detail.LeavesLots, risk.Detail(other).LeavesLots) + 1);
            risk.Trade(detail.Side == Side.Buy ? slot : other, detail.Side == Side.Buy ? other : slot, lots, random.Next(1, 10_000));
        }
    }
}
