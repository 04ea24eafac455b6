using Exchange.Core.Markets;
using Exchange.Core.Orders;
using Exchange.Core.Requests;
using Exchange.Protocol;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Quotes;

// A session may have twenty thousand sides of quotes, and one message, or one fill, takes all of them out. That takes more than one command, but
// none of them may trade any more from that moment on. So a withdrawal is a mark first: all sides up to an OrderID, of a session or of a firm,
// in one market group or in all. Whoever meets a marked side takes it out; a task takes out those that nobody meets.
//
// What must hold: a marked side never trades; a side that is entered later has a higher OrderID and is not marked; each withdrawal is in line once.

/// <summary>Withdrawals of many quotes at once: marks, and the tasks that work them off.</summary>
internal sealed class QuoteWithdrawals(
    OrderEntryLimits limits, MarketTable markets, OrderSessions sessions, OpenOrders open, OrderExecution execution, QuoteTable quotes, ProtectionTable protections)
{
    private readonly List<QuoteWithdrawal> _line = [];

    /// <summary>Withdrawals that are not done.</summary>
    public int Count => _line.Count;

    /// <summary>Withdraws all quotes of a session, or those in a market group, up to an OrderID; the first slice at once.</summary>
    public void StartOfSession(int sessionId, in Text16 group, long orderId, in CommandContext context)
    {
        QuoteSession session = quotes.Of(sessionId);
        if (group.IsEmpty)
        {
            session.WithdrawnThrough = orderId;
        }
        else
        {
            session.WithdrawThrough(in group, orderId);
        }

        QuoteWithdrawal withdrawal = new() { SubjectId = sessionId, Group = group, OrderId = orderId };
        for (int i = 0; i < _line.Count; i++)
        {
            if (!_line[i].IsOfFirm && _line[i].SubjectId == sessionId && _line[i].Group == group)
            {
                _line[i] = withdrawal;
                return;
            }
        }

        SliceBudget budget = Budget();
        if (!Work(ref withdrawal, ref budget, in context))
        {
            _line.Add(withdrawal);
        }
    }

    /// <summary>A protection trips: all quotes of its firm in its group up to an OrderID are withdrawn, by a task alone, as the caller is matching.</summary>
    public void StartOfFirm(QuoteProtection protection, long orderId)
    {
        protection.Trip(orderId);
        QuoteWithdrawal withdrawal = new() { IsOfFirm = true, SubjectId = protections.NumberOf(protection), Group = protection.Group, OrderId = orderId };
        if (!protection.HasTask)
        {
            protection.HasTask = true;
            _line.Add(withdrawal);
            return;
        }

        for (int i = 0; i < _line.Count; i++)
        {
            if (_line[i].IsOfFirm && _line[i].SubjectId == withdrawal.SubjectId)
            {
                _line[i] = withdrawal;
            }
        }
    }

    /// <summary>Works a slice for the withdrawal that is first in line, and puts it behind the others when it is not done.</summary>
    public void RunSlice(in CommandContext context)
    {
        if (_line.Count == 0)
        {
            return;
        }

        QuoteWithdrawal withdrawal = _line[0];
        _line.RemoveAt(0);
        SliceBudget budget = Budget();
        if (!Work(ref withdrawal, ref budget, in context))
        {
            _line.Add(withdrawal);
        }
        else if (withdrawal.IsOfFirm)
        {
            protections[withdrawal.SubjectId].HasTask = false;
        }
    }

    /// <summary>Why a side of a quote must be taken out instead of trading; None when it may trade.</summary>
    public ReasonCode DoomOf(int slot)
    {
        ref OrderDetail order = ref open[slot];
        long orderId = open.OrderIdOf(slot);
        Text16 group = GroupOf(order.InstrumentId);
        QuoteSession session = quotes.Of(order.SessionId);
        if (orderId <= session.WithdrawnThrough || orderId <= session.WithdrawnThroughOf(in group))
        {
            return ReasonCode.QuoteCancelled;
        }

        return protections.Find(execution.Risk.Register.SessionOf(order.SessionId).Firm.Id, in group) is { } protection && orderId <= protection.WithdrawnThrough
            ? ReasonCode.MarketMakerProtection
            : ReasonCode.None;
    }

    /// <summary>Takes a side out of the book: without a word when its session asked for it, with a report when its protection did.</summary>
    public void TakeOut(int slot, ReasonCode reason, in CommandContext context)
    {
        if (reason == ReasonCode.QuoteCancelled)
        {
            execution.Remove(slot);
            execution.EndSilently(slot, in context);
        }
        else
        {
            execution.TakeOut(slot, ExecType.Canceled, reason, in context);
        }
    }

    /// <summary>Writes marks and line. Marks below the oldest quote mean nothing any more, but they are written as they are.</summary>
    public void Save(SnapshotWriter writer)
    {
        writer.WriteInt64(_line.Count);
        foreach (QuoteWithdrawal withdrawal in _line)
        {
            writer.Write(in withdrawal);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote; the marks of sessions follow from the line.</summary>
    public void Load(SnapshotReader reader)
    {
        int count = reader.ReadCount(int.MaxValue, "number of withdrawals of quotes");
        for (int i = 0; i < count; i++)
        {
            QuoteWithdrawal withdrawal = reader.Read<QuoteWithdrawal>();
            bool isSound = withdrawal.SubjectId >= 0 && withdrawal.SubjectId < (withdrawal.IsOfFirm ? protections.Count : sessions.Count)
                && withdrawal.CursorSession >= 0 && withdrawal.CursorSession <= sessions.Count;
            if (!isSound)
            {
                throw new InvalidDataException($"snapshot at byte {reader.Position}: quotes of {withdrawal.SubjectId} in group {withdrawal.Group} cannot be withdrawn");
            }

            _line.Add(withdrawal);
            if (!withdrawal.IsOfFirm)
            {
                QuoteSession session = quotes.Of(withdrawal.SubjectId);
                if (withdrawal.Group.IsEmpty)
                {
                    session.WithdrawnThrough = withdrawal.OrderId;
                }
                else
                {
                    session.WithdrawThrough(in withdrawal.Group, withdrawal.OrderId);
                }
            }
        }
    }

    private Text16 GroupOf(int instrumentId) => MassRequests.GroupOf(markets.Instruments[instrumentId]);

    private SliceBudget Budget() => new() { Actions = limits.SliceActionsMax, Visits = limits.SliceVisitsMax };

    // Works as far as the budget goes; true when it is done.
    private bool Work(ref QuoteWithdrawal withdrawal, ref SliceBudget budget, in CommandContext context)
    {
        if (!withdrawal.IsOfFirm)
        {
            return WorkSession(withdrawal.SubjectId, ReasonCode.QuoteCancelled, ref withdrawal, ref budget, in context);
        }

        int firmId = protections[withdrawal.SubjectId].FirmId;
        for (; withdrawal.CursorSession < sessions.Count; withdrawal.CursorSession++)
        {
            if (!budget.TryTake(isAction: false))
            {
                return false;
            }

            bool isOfFirm = execution.Risk.Register.SessionOf(withdrawal.CursorSession).Firm.Id == firmId;
            if (isOfFirm && !WorkSession(withdrawal.CursorSession, ReasonCode.MarketMakerProtection, ref withdrawal, ref budget, in context))
            {
                return false;
            }

            withdrawal.CursorOrderId = 0;
        }

        return true;
    }

    private bool WorkSession(int sessionId, ReasonCode reason, ref QuoteWithdrawal withdrawal, ref SliceBudget budget, in CommandContext context)
    {
        if (quotes.Find(sessionId) is not { Count: > 0 } session)
        {
            return true;
        }

        int slot = quotes.FirstBehind(session, withdrawal.CursorOrderId);
        while (slot != 0 && open.OrderIdOf(slot) <= withdrawal.OrderId)
        {
            bool isAskedFor = withdrawal.Group.IsEmpty || GroupOf(open[slot].InstrumentId) == withdrawal.Group;
            if (!budget.TryTake(isAskedFor))
            {
                return false;
            }

            int next = quotes.NextOf(slot);
            withdrawal.CursorOrderId = open.OrderIdOf(slot);
            if (isAskedFor)
            {
                TakeOut(slot, reason, in context);
            }

            slot = next;
        }

        return true;
    }
}
