using Exchange.Core.Orders;
using Exchange.Protocol;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Risk;

/// <summary>
/// The snapshot of risk.
/// <code>
///   day, market switch · firms · accounts · sessions · positions
/// </code>
/// Each in the order in which they came into being, which is state. Exposures are not written: they are those of the open orders, which
/// add them when they are restored. What was executed on an earlier day is written as nothing, since whether it has been cleared yet
/// shows nowhere.
/// </summary>
internal static class RiskSnapshot
{
    /// <summary>Writes the snapshot.</summary>
    public static void Save(SnapshotWriter writer, RiskDesk desk)
    {
        RiskRegister register = desk.Register;
        writer.WriteInt64(desk.Day);
        writer.WriteInt64(desk.IsMarketKilled ? 1 : 0);
        writer.WriteInt64(register.FirmCount);
        for (int id = 0; id < register.FirmCount; id++)
        {
            RiskFirm firm = register.FirmAt(id);
            writer.Write(in firm.Name);
            writer.Write(in firm.Limits);
            writer.WriteInt64(firm.IsKilled ? 1 : 0);
            writer.Write(firm.Day == desk.Day ? firm.ExecutedE8 : Int128.Zero);
            writer.WriteInt64(firm.RateSinceNs);
            writer.WriteInt64(firm.RateCount);
            firm.Restricted.Save(writer);
        }

        writer.WriteInt64(register.AccountCount);
        for (int id = 0; id < register.AccountCount; id++)
        {
            Save(writer, register.AccountOf(id), desk.Day);
        }

        writer.WriteInt64(register.SessionCount);
        for (int id = 0; id < register.SessionCount; id++)
        {
            Save(writer, register.SessionOf(id));
        }

        Save(writer, desk.Positions, desk.Day);
    }

    /// <summary>Restores what <see cref="Save(SnapshotWriter, RiskDesk)"/> wrote into an empty desk; the instruments are restored already, the orders not yet.</summary>
    /// <exception cref="InvalidDataException">The snapshot contradicts itself.</exception>
    public static void Load(SnapshotReader reader, RiskDesk desk, int instrumentCount)
    {
        RiskRegister register = desk.Register;
        Invariant.Require(register.SessionCount == 0 && register.FirmCount == 0 && desk.Positions.Count == 0);
        int day = reader.ReadCount(int.MaxValue, "number of trading days");
        desk.Restore(day, ReadSwitch(reader));
        int firms = reader.ReadCount(RiskRegister.FirmsMax, "number of firms");
        for (int id = 0; id < firms; id++)
        {
            LoadFirm(reader, register, day, instrumentCount);
        }

        int accounts = reader.ReadCount(RiskRegister.AccountsMax, "number of accounts");
        for (int id = 0; id < accounts; id++)
        {
            LoadAccount(reader, register, day, instrumentCount);
        }

        int sessions = reader.ReadCount(Limits.SessionCountMax, "number of sessions in firms");
        for (int id = 0; id < sessions; id++)
        {
            LoadSession(reader, register);
        }

        LoadPositions(reader, desk, day, instrumentCount);
    }

    /// <summary>Writes the prices at which open orders without a limit count, after the orders.</summary>
    public static void SaveExposures(SnapshotWriter writer, RiskDesk desk, OrderSessions sessions, OpenOrders open)
    {
        writer.WriteInt64(desk.KeptCount);
        for (int id = 0; id < sessions.Count && desk.KeptCount != 0; id++)
        {
            for (int slot = sessions[id].OpenHead; slot != 0; slot = open[slot].SessionNext)
            {
                long ticks = desk.KeptExposureTicks(slot, in open[slot]);
                if (ticks != 0)
                {
                    writer.WriteInt64(open.OrderIdOf(slot));
                    writer.WriteInt64(ticks);
                }
            }
        }
    }

    /// <summary>Restores what <see cref="SaveExposures"/> wrote, and adds the exposure of every open order.</summary>
    /// <exception cref="InvalidDataException">An order has no position, or none that can be.</exception>
    public static void LoadExposures(SnapshotReader reader, RiskDesk desk, OrderSessions sessions, OpenOrders open)
    {
        if (sessions.Count != desk.Register.SessionCount)
        {
            throw new InvalidDataException($"snapshot at byte {reader.Position}: {sessions.Count} sessions, of which {desk.Register.SessionCount} are in a firm");
        }

        int kept = reader.ReadCount(open.Count, "number of orders without a limit");
        for (int i = 0; i < kept; i++)
        {
            long orderId = reader.ReadInt64();
            long ticks = reader.ReadInt64();
            int slot = open.Pool.Find(orderId);
            if (slot == 0 || ticks <= 0 || open[slot].RiskSlot != 0 || !desk.Restored(slot, ref open[slot], ticks))
            {
                throw new InvalidDataException($"snapshot at byte {reader.Position}: order {orderId} cannot count at {ticks} ticks");
            }
        }

        for (int id = 0; id < sessions.Count; id++)
        {
            for (int slot = sessions[id].OpenHead; slot != 0; slot = open[slot].SessionNext)
            {
                if (open[slot].RiskSlot == 0 && !desk.Restored(slot, ref open[slot], keptExposureTicks: 0))
                {
                    throw new InvalidDataException($"snapshot at byte {reader.Position}: order {open.OrderIdOf(slot)} has no position");
                }
            }
        }
    }

    private static void Save(SnapshotWriter writer, RiskAccount account, int day)
    {
        writer.WriteInt64(account.Firm!.Id);
        writer.Write(in account.Name);
        writer.Write(in account.Limits);
        writer.WriteInt64((account.IsListed ? 1 : 0) | (account.IsKilled ? 2 : 0));
        writer.WriteInt64(account.KilledUpTo);
        writer.Write(account.Day == day ? account.ExecutedE8 : Int128.Zero);
        account.Restricted.Save(writer);
    }

    private static void Save(SnapshotWriter writer, RiskSession session)
    {
        writer.WriteInt64(session.Firm.Id);
        writer.Write(in session.DefaultAccount);
        writer.WriteInt64(session.IsKilled ? 1 : 0);
        writer.WriteInt64(session.RepeatedInstrumentId + 1);
        writer.WriteInt64((long)session.RepeatedSide);
        writer.WriteInt64(session.RepeatedTicks);
        writer.WriteInt64(session.RepeatedLots);
        writer.WriteInt64(session.RepeatedCount);
        writer.WriteInt64(session.RepeatedSinceNs);
    }

    private static void Save(SnapshotWriter writer, PositionTable positions, int day)
    {
        writer.WriteInt64(positions.Count);
        for (int slot = 1; slot <= positions.Count; slot++)
        {
            Position position = positions[slot];
            position.OpenBuyLots = 0;
            position.OpenSellLots = 0;
            position.OpenOrders = 0;
            if (position.Day != day)
            {
                position.BoughtLots = 0;
                position.SoldLots = 0;
                position.ExecutedE8 = 0;
            }

            position.Day = 0;
            writer.Write(in position);
        }
    }

    private static void LoadFirm(SnapshotReader reader, RiskRegister register, int day, int instrumentCount)
    {
        Text16 name = reader.Read<Text16>();
        if (name.Length > Text16.LengthMax || register.FindFirm(in name) is not null)
        {
            throw new InvalidDataException($"snapshot at byte {reader.Position}: firm {register.FirmCount} has a name that is damaged or taken");
        }

        RiskFirm firm = register.AddFirm(in name);
        firm.Limits = ReadLimits(reader);
        firm.IsKilled = ReadSwitch(reader);
        firm.ExecutedE8 = ReadSum(reader);
        firm.Day = day;
        firm.RateSinceNs = ReadTime(reader);
        firm.RateCount = reader.ReadCount(int.MaxValue, "order rate");
        firm.Restricted.Load(reader, instrumentCount);
    }

    private static void LoadAccount(SnapshotReader reader, RiskRegister register, int day, int instrumentCount)
    {
        RiskFirm firm = register.FirmAt(reader.ReadCount(register.FirmCount - 1, "firm of an account"));
        Text16 name = reader.Read<Text16>();
        if (name.Length > Text16.LengthMax || register.FindAccount(firm, in name) is not null)
        {
            throw new InvalidDataException($"snapshot at byte {reader.Position}: account {register.AccountCount} has a name that is damaged or taken");
        }

        RiskAccount account = register.AddAccount(firm, in name);
        account.Limits = ReadLimits(reader);
        int flags = reader.ReadCount(3, "switches of an account");
        account.IsListed = (flags & 1) != 0;
        account.IsKilled = (flags & 2) != 0;
        firm.ListedCount += account.IsListed ? 1 : 0;
        firm.ImplicitCount += account.IsListed ? 0 : 1;
        account.KilledUpTo = reader.ReadInt64();
        account.ExecutedE8 = ReadSum(reader);
        account.Day = day;
        account.Restricted.Load(reader, instrumentCount);
    }

    private static void LoadSession(SnapshotReader reader, RiskRegister register)
    {
        RiskSession session = register.AddSession(register.FirmAt(reader.ReadCount(register.FirmCount - 1, "firm of a session")));
        session.DefaultAccount = reader.Read<Text16>();
        session.IsKilled = ReadSwitch(reader);
        session.RepeatedInstrumentId = reader.ReadCount(int.MaxValue, "instrument of a repeated order") - 1;
        session.RepeatedSide = (Side)reader.ReadCount(byte.MaxValue, "side of a repeated order");
        session.RepeatedTicks = reader.ReadInt64();
        session.RepeatedLots = reader.ReadInt64();
        session.RepeatedCount = reader.ReadCount(int.MaxValue, "repeated orders");
        session.RepeatedSinceNs = ReadTime(reader);
    }

    private static void LoadPositions(SnapshotReader reader, RiskDesk desk, int day, int instrumentCount)
    {
        PositionTable positions = desk.Positions;
        int count = reader.ReadCount(positions.CountMax, "number of positions");
        for (int i = 0; i < count; i++)
        {
            Position position = reader.Read<Position>();
            bool isSound = position.AccountId >= 0 && position.AccountId < desk.Register.AccountCount
                && position.InstrumentId >= 0 && position.InstrumentId < instrumentCount
                && positions.Find(position.AccountId, position.InstrumentId) == 0
                && position.NetLots is >= -RiskDesk.PositionMaxLots and <= RiskDesk.PositionMaxLots
                && position is { OpenBuyLots: 0, OpenSellLots: 0, OpenOrders: 0, GrossE8: >= 0, BoughtLots: >= 0, SoldLots: >= 0 };
            if (!isSound)
            {
                throw new InvalidDataException($"snapshot at byte {reader.Position}: position {i} is not possible");
            }

            position.Day = day;
            positions[positions.Add(position.AccountId, position.InstrumentId)] = position;
            desk.Register.AccountOf(position.AccountId).GrossE8 += position.GrossE8;
        }
    }

    private static RiskLimits ReadLimits(SnapshotReader reader)
    {
        RiskLimits limits = reader.Read<RiskLimits>();
        return limits.IsSound ? limits : throw new InvalidDataException($"snapshot at byte {reader.Position}: risk limits are negative or unknown");
    }

    private static long ReadTime(SnapshotReader reader)
    {
        long timeNs = reader.ReadInt64();
        return timeNs >= 0 ? timeNs : throw new InvalidDataException($"snapshot at byte {reader.Position}: a time is negative");
    }

    private static bool ReadSwitch(SnapshotReader reader) => reader.ReadCount(1, "switch") != 0;

    private static Int128 ReadSum(SnapshotReader reader)
    {
        Int128 sum = reader.Read<Int128>();
        return sum >= 0 ? sum : throw new InvalidDataException($"snapshot at byte {reader.Position}: a sum of what was executed is negative");
    }
}
