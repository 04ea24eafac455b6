using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Risk;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Tests.Risk;

/// <summary>A risk desk with order details under it and no books above it: whoever tests says what trades.</summary>
internal sealed class RiskHarness : IDisposable
{
    public const long One = FixedPoint.Scale;

    private const int SlotsMax = 4_096;

    private readonly OrderDetail[] _details = new OrderDetail[SlotsMax + 1];
    private readonly Stack<int> _free = new();

    public RiskHarness(int positionsMax = 1_024)
    {
        PositionsMax = positionsMax;
        Desk = new RiskDesk(Instruments, SlotsMax, positionsMax);
        for (int slot = SlotsMax; slot > 0; slot--)
        {
            _free.Push(slot);
        }
    }

    public InstrumentTable Instruments { get; } = new();

    public RiskDesk Desk { get; private set; }

    public int PositionsMax { get; }

    public long NowNs { get; set; } = 1_700_000_000_000_000_000;

    public SortedSet<int> Open { get; } = [];

    public long ReferenceTicks { get; set; }

    private CommandContext Context => new(1, 1, NowNs);

    public int AddSession(string firm) => Desk.Register.AddSession(Desk.Register.SessionCount, Text40.From(firm)).Id;

    public int Define(string symbol, Action<Definition>? change = null)
    {
        Definition definition = new();
        definition.Command = new DefineInstrumentCommand
        {
            Symbol = Text24.From(symbol),
            PriceTickE8 = One / 100,
            QuantityStepE8 = One,
            QuantityMaxE8 = One << 26,
            PriceMinE8 = One / 100,
            PriceMaxE8 = One * 1_000_000,
        };
        change?.Invoke(definition);
        int id = Instruments.Define(in definition.Command);
        Assert.True(id >= 0, Instrument.Check(in definition.Command) ?? "refused");
        return id;
    }

    public bool SetLimits(string firm, string? account, Func<SetLimitsCommand, SetLimitsCommand> limits)
    {
        SetLimitsCommand command = new()
        {
            Firm = Text16.From(firm),
            Account = account is null ? default : Text16.From(account),
            Scope = account is null ? RiskScope.Firm : RiskScope.Account,
        };
        command = limits(command);
        return Desk.Register.SetLimits(in command);
    }

    public ref OrderDetail Detail(int slot) => ref _details[slot];

    /// <summary>Enters an order; the slot is 0 when it was refused.</summary>
    public Refusal Enter(int session, int instrument, Side side, long lots, long ticks, out int slot, string account = "", bool isQuote = false)
    {
        slot = 0;
        RiskOrder order = new() { InstrumentId = instrument, Side = side, Lots = lots, LimitTicks = ticks, ReferenceTicks = ReferenceTicks, IsQuote = isQuote };
        Refusal refusal = Desk.FindAccount(session, Text16.From(account), ref order);
        refusal = refusal.IsRefused ? refusal : Desk.CheckNew(ref order, Context);
        if (refusal.IsRefused)
        {
            return refusal;
        }

        slot = _free.Pop();
        Open.Add(slot);
        _details[slot] = new OrderDetail
        {
            Account = order.AccountName,
            InstrumentId = instrument,
            SessionId = session,
            Side = side,
            QuantityLots = lots,
            PriceTicks = ticks == 0 ? Instruments[instrument].PriceMaxTicks : ticks,
        };
        Desk.Opened(ref order, slot, ref _details[slot]);
        return Refusal.None;
    }

    public Refusal Enter(int session, int instrument, Side side, long lots, long ticks, string account = "") =>
        Enter(session, instrument, side, lots, ticks, out _, account);

    public Refusal Replace(int slot, long lots, long ticks)
    {
        ref OrderDetail detail = ref _details[slot];
        RiskOrder order = new() { InstrumentId = detail.InstrumentId, Side = detail.Side, Lots = lots, LimitTicks = ticks, ReferenceTicks = ReferenceTicks };
        Refusal refusal = Desk.CheckReplace(ref order, slot, in detail, Context);
        if (!refusal.IsRefused && lots > detail.CumLots)
        {
            Desk.Changed(slot, ref detail, ticks, lots - detail.CumLots);
            detail.QuantityLots = lots;
            detail.PriceTicks = ticks == 0 ? detail.PriceTicks : ticks;
        }

        return refusal;
    }

    public void Trade(int buy, int sell, long lots, long ticks)
    {
        foreach (int slot in (int[])[buy, sell])
        {
            ref OrderDetail detail = ref _details[slot];
            Desk.Traded(slot, in detail, ticks, lots);
            detail.CumLots += lots;
            if (detail.LeavesLots == 0)
            {
                Close(slot);
            }
        }
    }

    public void Close(int slot)
    {
        Desk.Closed(slot, ref _details[slot]);
        Assert.True(Open.Remove(slot));
        _free.Push(slot);
    }

    public void Shrink(int slot, long leaves)
    {
        ref OrderDetail detail = ref _details[slot];
        Desk.LeavesChanged(slot, in detail, leaves);
        detail.QuantityLots = detail.CumLots + leaves;
    }

    public Position PositionOf(string firm, string account, int instrument)
    {
        RiskAccount found = Desk.Register.FindAccount(Desk.Register.FindFirm(Text16.From(firm))!, Text16.From(account))!;
        return Desk.Positions[Desk.Positions.Find(found.Id, instrument)];
    }

    public byte[] Snapshot()
    {
        using MemoryStream stream = new();
        SnapshotWriter writer = new(stream);
        RiskSnapshot.Save(writer, Desk);
        _ = writer.Complete();
        return stream.ToArray();
    }

    /// <summary>Puts a desk in the place of this one that was restored from its snapshot and its open orders.</summary>
    public void Restart()
    {
        byte[] snapshot = Snapshot();
        long[] kept = new long[SlotsMax + 1];
        foreach (int slot in Open)
        {
            kept[slot] = Desk.KeptExposureTicks(slot, in _details[slot]);
        }

        Desk.Dispose();
        Desk = new RiskDesk(Instruments, SlotsMax, PositionsMax);
        using MemoryStream stream = new(snapshot);
        RiskSnapshot.Load(new SnapshotReader(stream), Desk, Instruments.Count);
        Assert.Equal(stream.Length, stream.Position);
        foreach (int slot in Open)
        {
            _details[slot].RiskSlot = 0;
            Assert.True(Desk.Restored(slot, ref _details[slot], kept[slot]));
        }

        Assert.Equal(snapshot, Snapshot());
    }

    /// <summary>Counts everything again, slowly, and compares it with what the desk has kept.</summary>
    public void Audit(string where)
    {
        Dictionary<int, Position> positions = [];
        Dictionary<int, (int Orders, Int128 Notional)> accounts = [];
        foreach (int slot in Open)
        {
            ref OrderDetail detail = ref _details[slot];
            RiskAccount account = Desk.AccountOf(in detail);
            int place = Desk.Positions.Find(account.Id, detail.InstrumentId);
            Position position = positions.GetValueOrDefault(place);
            position.OpenBuyLots += detail.Side == Side.Buy ? detail.LeavesLots : 0;
            position.OpenSellLots += detail.Side == Side.Sell ? detail.LeavesLots : 0;
            position.OpenOrders++;
            positions[place] = position;
            long notionalE8 = Desk.Register.InstrumentOf(detail.InstrumentId).Formula.Of(Desk.ExposureTicksOf(slot, in detail), detail.LeavesLots);
            (int orders, Int128 sum) = accounts.GetValueOrDefault(account.Id);
            accounts[account.Id] = (orders + 1, sum + notionalE8);
        }

        Int128[] nets = new Int128[Instruments.Count];
        Int128[] gross = new Int128[Desk.Register.AccountCount];
        for (int slot = 1; slot <= Desk.Positions.Count; slot++)
        {
            ref Position found = ref Desk.Positions[slot];
            Position expected = positions.GetValueOrDefault(slot);
            Assert.True(
                expected.OpenBuyLots == found.OpenBuyLots && expected.OpenSellLots == found.OpenSellLots && expected.OpenOrders == found.OpenOrders,
                $"{where}: position {slot} is open {found.OpenBuyLots}/{found.OpenSellLots} of {found.OpenOrders}, not {expected.OpenBuyLots}/{expected.OpenSellLots} of {expected.OpenOrders}");
            nets[found.InstrumentId] += found.NetLots;
            gross[found.AccountId] += found.GrossE8;
        }

        Assert.All(nets, net => Assert.True(net == 0, $"{where}: positions do not sum to zero but to {net}"));
        AuditAccounts(accounts, gross, where);
    }

    public void Dispose() => Desk.Dispose();

    private void AuditAccounts(Dictionary<int, (int Orders, Int128 Notional)> accounts, Int128[] gross, string where)
    {
        Dictionary<RiskFirm, (int Orders, Int128 Notional)> firms = [];
        for (int id = 0; id < Desk.Register.AccountCount; id++)
        {
            RiskAccount account = Desk.Register.AccountOf(id);
            (int orders, Int128 notional) = accounts.GetValueOrDefault(id);
            Assert.True(account.OpenOrders == orders && account.OpenNotionalE8 == notional, $"{where}: account {account.Name} has {account.OpenOrders} orders of {account.OpenNotionalE8}, not {orders} of {notional}");
            Assert.True(account.GrossE8 == gross[id], $"{where}: gross of account {account.Name} is {account.GrossE8}, not {gross[id]}");
            (int firmOrders, Int128 firmNotional) = firms.GetValueOrDefault(account.Firm!);
            firms[account.Firm!] = (firmOrders + orders, firmNotional + notional);
        }

        for (int id = 0; id < Desk.Register.FirmCount; id++)
        {
            RiskFirm firm = Desk.Register.FirmAt(id);
            (int orders, Int128 notional) = firms.GetValueOrDefault(firm);
            Assert.True(firm.OpenOrders == orders && firm.OpenNotionalE8 == notional, $"{where}: firm {firm.Name} has {firm.OpenOrders} orders of {firm.OpenNotionalE8}, not {orders} of {notional}");
        }
    }

    /// <summary>A definition that a test changes before it is made.</summary>
    internal sealed class Definition
    {
        public DefineInstrumentCommand Command;
    }
}
