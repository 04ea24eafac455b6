// Orders and books: one dictionary of all orders, two sorted sets an instrument.
using System.Numerics;
using Exchange.Protocol;
using Exchange.Protocol.Commands;

namespace Exchange.Simulation.Reference;

internal sealed partial class ReferenceExchange
{
    private readonly Dictionary<long, ReferenceOrder> _orders = [];
    private readonly SortedDictionary<long, ReferenceOrder> _open = [];
    private readonly Dictionary<string, ReferenceInstrument> _instruments = [];
    private long _lastOrderId;
    private long _lastExecId;
    private long _lastMatchId;
    private long _lastArrival;

    /// <summary>Open orders, oldest first.</summary>
    public IEnumerable<ReferenceOrder> OpenOrders => _open.Values;

    public long Trades => _lastMatchId;

    private IEnumerable<ReferenceOrder> OpenOrdersOf(ReferenceSession session) => _open.Values.Where(order => order.SessionId == session.Id);

    private void Define(in DefineInstrumentCommand command)
    {
        string symbol = command.Symbol.ToString();
        if (!_instruments.ContainsKey(symbol))
        {
            _names.Set(_instruments.Count, in command);
        }

        _instruments[symbol] = new ReferenceInstrument
        {
            Symbol = symbol,
            Tick = command.PriceTickE8,
            Step = command.QuantityStepE8,
            QuantityMax = command.QuantityMaxE8,
            PriceMin = command.PriceMinE8,
            PriceMax = command.PriceMaxE8,
        };
    }

    private void NewOrder(ReferenceSession session, in NewOrderCommand command)
    {
        string id = command.ClOrdId.ToString();
        if (session.Outcomes.TryGetValue(id, out long outcome))
        {
            AnswerUsed(session, in command, outcome);
            return;
        }

        (ReasonCode reason, long value, long limit) = CheckNew(session, in command, withRoom: true);
        if (reason != ReasonCode.None)
        {
            session.Outcomes[id] = -(long)reason;
            RejectNew(session, in command, 0, reason, value, limit);
            return;
        }

        ReferenceInstrument instrument = _instruments[command.Symbol.ToString()];
        bool isMarket = command.OrdType == OrdType.Market;
        bool isBuy = command.Side == Side.Buy;
        ReferenceOrder order = new()
        {
            Id = ++_lastOrderId,
            SessionId = session.Id,
            Instrument = instrument,
            IsBuy = isBuy,
            Account = command.Account.ToString(),
            IsMarket = isMarket,
            ClOrdId = id,
            InForce = (char)command.TimeInForce,
            Price = isMarket ? (isBuy ? instrument.PriceMax : instrument.PriceMin) : command.PriceE8,
            Quantity = command.QuantityE8,
        };
        _orders.Add(order.Id, order);
        _open.Add(order.Id, order);
        session.Outcomes[id] = order.Id;
        Report(order, '0', '0', order.Leaves);
        if (order.InForce == '4' && Available(order) < order.Quantity)
        {
            CloseUnasked(order, '4', ReasonCode.NotFillableInFull);
            return;
        }

        Match(order);
        if (order.ClosedAs == 0 && (isMarket || order.InForce is '3' or '4'))
        {
            CloseUnasked(order, '4', ReasonCode.NoLiquidity);
        }
        else if (order.ClosedAs == 0)
        {
            Rest(order);
        }
    }

    private void AnswerUsed(ReferenceSession session, in NewOrderCommand command, long outcome)
    {
        if ((command.Header.Flags & FixMessageFlags.PossResend) == 0)
        {
            RejectNew(session, in command, 0, ReasonCode.DuplicateClOrdId, 0, 0);
        }
        else if (outcome < 0)
        {
            (ReasonCode reason, long value, long limit) = CheckNew(session, in command, withRoom: false);
            RejectNew(session, in command, 0, (ReasonCode)(-outcome), reason == (ReasonCode)(-outcome) ? value : 0, reason == (ReasonCode)(-outcome) ? limit : 0);
        }
        else
        {
            ReportState(_orders[outcome], "");
        }
    }

    private (ReasonCode Reason, long Value, long Limit) CheckNew(ReferenceSession session, in NewOrderCommand command, bool withRoom)
    {
        if (!_instruments.TryGetValue(command.Symbol.ToString(), out ReferenceInstrument? instrument))
        {
            return (ReasonCode.UnknownSymbol, 0, 0);
        }

        if (command.Side is not (Side.Buy or Side.Sell))
        {
            return (ReasonCode.UnsupportedSide, (long)command.Side, 0);
        }

        if (command.OrdType is not (OrdType.Limit or OrdType.Market))
        {
            return (ReasonCode.UnsupportedOrdType, (long)command.OrdType, 0);
        }

        if ((char)command.TimeInForce is not ('0' or '1' or '3' or '4'))
        {
            return (ReasonCode.UnsupportedTimeInForce, (long)command.TimeInForce, 0);
        }

        (ReasonCode Reason, long Value, long Limit) refusal = CheckQuantity(instrument, command.QuantityE8);
        if (refusal.Reason != ReasonCode.None)
        {
            return refusal;
        }

        if (command.OrdType == OrdType.Market)
        {
            return command.PriceE8 == FixedPoint.Absent ? default : (ReasonCode.PriceNotAllowed, command.PriceE8, 0);
        }

        refusal = CheckPrice(instrument, command.PriceE8);
        int open = OpenOrdersOf(session).Count();
        return refusal.Reason == ReasonCode.None && withRoom && (char)command.TimeInForce is '0' or '1' && open >= session.Definition.OpenOrdersMax
            ? (ReasonCode.TooManyOpenOrders, open, session.Definition.OpenOrdersMax)
            : refusal;
    }

    private static (ReasonCode Reason, long Value, long Limit) CheckQuantity(ReferenceInstrument instrument, long quantity)
    {
        if (quantity != FixedPoint.Unrepresentable && (quantity <= 0 || quantity > instrument.QuantityMax))
        {
            return (ReasonCode.QuantityOutOfRange, quantity == FixedPoint.Absent ? 0 : quantity, instrument.QuantityMax);
        }

        return quantity == FixedPoint.Unrepresentable || quantity % instrument.Step != 0 ? (ReasonCode.QuantityNotOnStep, quantity, instrument.Step) : default;
    }

    private static (ReasonCode Reason, long Value, long Limit) CheckPrice(ReferenceInstrument instrument, long price)
    {
        if (price == FixedPoint.Absent)
        {
            return (ReasonCode.PriceMissing, 0, 0);
        }

        if (price != FixedPoint.Unrepresentable && (price < instrument.PriceMin || price > instrument.PriceMax))
        {
            return (ReasonCode.PriceOutOfRange, price, instrument.PriceMax);
        }

        return price == FixedPoint.Unrepresentable || price % instrument.Tick != 0 ? (ReasonCode.PriceNotOnTick, price, instrument.Tick) : default;
    }

    private void Cancel(ReferenceSession session, in CancelOrderCommand command)
    {
        string id = command.ClOrdId.ToString();
        string original = command.OrigClOrdId.ToString();
        bool isResend = (command.Header.Flags & FixMessageFlags.PossResend) != 0;
        if (session.Outcomes.TryGetValue(id, out long outcome))
        {
            AnswerUsedRequest(session, id, original, command.OrderId, outcome, isResend, '1');
            return;
        }

        ReferenceOrder? order = Resolve(session, original, command.OrderId);
        ReasonCode reason = order is null ? ReasonCode.UnknownOrder : order.ClosedAs != 0 ? ReasonCode.TooLateToCancel : ReasonCode.None;
        if (reason == ReasonCode.None && ((command.Side == Side.Buy) != order!.IsBuy || command.Symbol.ToString() != order.Instrument.Symbol))
        {
            (reason, order) = (ReasonCode.UnknownOrder, null);
        }

        if (reason != ReasonCode.None)
        {
            session.Outcomes[id] = -(long)reason;
            RejectRequest(session, id, original, order, '1', reason, 0, 0);
            return;
        }

        string was = order!.ClOrdId;
        order.Instrument.SideOf(order).Remove(order);
        order.ClOrdId = id;
        session.Outcomes[id] = order.Id;
        Close(order, '4');
        Report(order, '4', '4', 0, original: was);
    }

    private void Replace(ReferenceSession session, in ReplaceOrderCommand command)
    {
        string id = command.ClOrdId.ToString();
        string original = command.OrigClOrdId.ToString();
        bool isResend = (command.Header.Flags & FixMessageFlags.PossResend) != 0;
        if (session.Outcomes.TryGetValue(id, out long outcome))
        {
            AnswerUsedRequest(session, id, original, command.OrderId, outcome, isResend, '2');
            return;
        }

        ReferenceOrder? order = Resolve(session, original, command.OrderId);
        (ReasonCode reason, long value, long limit) = order is null
            ? (ReasonCode.UnknownOrder, 0, 0)
            : order.ClosedAs != 0 ? (ReasonCode.TooLateToCancel, 0, 0) : CheckReplace(in command, order);
        if (reason != ReasonCode.None)
        {
            session.Outcomes[id] = -(long)reason;
            RejectRequest(session, id, original, order, '2', reason, value, limit);
            return;
        }

        bool staysInPlace = command.PriceE8 == order!.Price && command.QuantityE8 - order.Executed <= order.Leaves;
        string was = order.ClOrdId;
        if (!staysInPlace)
        {
            order.Instrument.SideOf(order).Remove(order);
        }

        order.ClOrdId = id;
        session.Outcomes[id] = order.Id;
        order.Quantity = command.QuantityE8;
        order.Price = command.PriceE8;
        order.InForce = command.TimeInForce == 0 ? order.InForce : (char)command.TimeInForce;
        Report(order, '5', order.Status, order.Leaves, original: was);
        if (!staysInPlace)
        {
            Match(order);
            if (order.ClosedAs == 0)
            {
                Rest(order);
            }
        }
    }

    private static (ReasonCode Reason, long Value, long Limit) CheckReplace(in ReplaceOrderCommand command, ReferenceOrder order)
    {
        string account = command.Account.ToString();
        if (command.Symbol.ToString() != order.Instrument.Symbol || (command.Side == Side.Buy) != order.IsBuy || (account.Length > 0 && account != order.Account))
        {
            return (ReasonCode.ReplaceChangesIdentity, 0, 0);
        }

        if (command.OrdType != OrdType.Limit)
        {
            return (ReasonCode.UnsupportedOrdType, (long)command.OrdType, 0);
        }

        if ((char)command.TimeInForce is not ('\0' or '0' or '1'))
        {
            return (ReasonCode.UnsupportedTimeInForce, (long)command.TimeInForce, 0);
        }

        (ReasonCode Reason, long Value, long Limit) refusal = CheckQuantity(order.Instrument, command.QuantityE8);
        if (refusal.Reason == ReasonCode.None)
        {
            refusal = CheckPrice(order.Instrument, command.PriceE8);
        }

        return refusal.Reason == ReasonCode.None && command.QuantityE8 <= order.Executed
            ? (ReasonCode.ReplaceBelowExecuted, command.QuantityE8, order.Executed)
            : refusal;
    }

    private void AnswerUsedRequest(ReferenceSession session, string id, string original, long orderId, long outcome, bool isResend, char responseTo)
    {
        if (isResend && outcome > 0)
        {
            ReportState(_orders[outcome], "");
            return;
        }

        ReasonCode reason = isResend && outcome < 0 ? (ReasonCode)(-outcome) : ReasonCode.DuplicateClOrdId;
        RejectRequest(session, id, original, Resolve(session, original, orderId), responseTo, reason, 0, 0);
    }

    private void Status(ReferenceSession session, in OrderStatusCommand command)
    {
        string asked = command.OrdStatusReqId.ToString();
        if (Resolve(session, command.ClOrdId.ToString(), command.OrderId) is { } order)
        {
            ReportState(order, asked);
            return;
        }

        string symbol = command.Symbol.ToString();
        Emit(
            session,
            "8",
            $"37=NONE{Soh}{Field(17, ++_lastExecId)}150=I{Soh}39=8{Soh}{Field(11, command.ClOrdId.ToString())}{Field(790, asked)}{Field(55, _instruments.ContainsKey(symbol) ? symbol : "[N/A]")}{Field(54, (char)command.Side)}151=0{Soh}14=0{Soh}6=0{Soh}{Field(60, Time(session))}103=5{Soh}{Words(ReasonCode.UnknownOrder)}");
    }

    // No client of the simulation has more open orders than are dealt with at once, so an answer is never cut into slices here.
    private void MassStatus(ReferenceSession session, in MassOrderCommand command)
    {
        string id = command.RequestId.ToString();
        string symbol = command.Symbol.ToString();
        ReferenceOrder[] asked = [.. OpenOrdersOf(session).Where(order => symbol.Length == 0 || order.Instrument.Symbol == symbol)];
        for (int i = 0; i < asked.Length; i++)
        {
            string mass = $"{Field(584, id)}{Field(911, asked.Length)}{Field(912, i == asked.Length - 1 ? 'Y' : 'N')}";
            Report(asked[i], 'I', asked[i].Status, asked[i].Leaves, mass: mass);
        }

        if (asked.Length == 0)
        {
            Emit(
                session,
                "8",
                $"37=NONE{Soh}{Field(17, ++_lastExecId)}150=I{Soh}39=8{Soh}{Field(584, id)}911=0{Soh}912=Y{Soh}{Field(55, symbol.Length == 0 ? "[N/A]" : symbol)}54=7{Soh}151=0{Soh}14=0{Soh}6=0{Soh}{Field(60, Time(session))}103=5{Soh}{Words(ReasonCode.NoOrderMatches)}");
        }
    }

    private void MassCancel(ReferenceSession session, in MassOrderCommand command)
    {
        string id = command.RequestId.ToString();
        string symbol = command.Symbol.ToString();
        string scope = $"530={(char)command.Scope}{Soh}";
        string subject = $"{Field(55, symbol)}{Field(60, Time(session))}";
        if (!session.Outcomes.TryAdd(id, 0))
        {
            Emit(session, "r", $"{Field(11, id)}37=NONE{Soh}{scope}531=0{Soh}532=99{Soh}533=0{Soh}{subject}{Words(ReasonCode.DuplicateClOrdId)}");
            return;
        }

        long number = ++_lastOrderId;
        ReferenceOrder[] asked = [.. OpenOrdersOf(session).Where(order => symbol.Length == 0 || order.Instrument.Symbol == symbol)];
        foreach (ReferenceOrder order in asked)
        {
            order.Instrument.SideOf(order).Remove(order);
            CloseUnasked(order, '4', ReasonCode.MassCancelled);
        }

        Emit(session, "r", $"{Field(11, id)}{Field(37, number)}{scope}531={(char)command.Scope}{Soh}{Field(533, asked.Length)}{subject}");
    }

    private ReferenceOrder? Resolve(ReferenceSession session, string clOrdId, long orderId)
    {
        long byName = session.Outcomes.GetValueOrDefault(clOrdId);
        if (byName <= 0)
        {
            return orderId > 0 && _orders.TryGetValue(orderId, out ReferenceOrder? order) && order.SessionId == session.Id ? order : null;
        }

        return orderId == 0 || orderId == byName ? _orders[byName] : null;
    }

    private static long Available(ReferenceOrder order) =>
        order.Instrument.AgainstSideOf(order).Where(maker => Crosses(order, maker)).Sum(static maker => maker.Leaves);

    private static bool Crosses(ReferenceOrder taker, ReferenceOrder maker) => taker.IsBuy ? maker.Price <= taker.Price : maker.Price >= taker.Price;

    private void Match(ReferenceOrder taker)
    {
        SortedSet<ReferenceOrder> makers = taker.Instrument.AgainstSideOf(taker);
        while (taker.Leaves > 0 && makers.Min is { } maker && Crosses(taker, maker))
        {
            long quantity = Math.Min(taker.Leaves, maker.Leaves);
            long matchId = ++_lastMatchId;
            Fill(taker, maker.Price, quantity, matchId, waited: false);
            Fill(maker, maker.Price, quantity, matchId, waited: true);
            if (maker.Quantity == maker.Executed)
            {
                makers.Remove(maker);
                Close(maker, '2');
            }
        }

        if (taker.Quantity == taker.Executed)
        {
            Close(taker, '2');
        }
    }

    private void Fill(ReferenceOrder order, long price, long quantity, long matchId, bool waited)
    {
        order.Executed += quantity;
        order.Paid += (BigInteger)price * quantity;
        ReferenceSession session = _sessions[order.SessionId];
        string symbol = order.Instrument.Symbol;
        session.Executions.Add((_lastExecId + 1).ToString(System.Globalization.CultureInfo.InvariantCulture));
        decimal signed = (order.IsBuy ? quantity : -quantity) / (decimal)FixedPoint.Scale;
        session.Positions[symbol] = session.Positions.GetValueOrDefault(symbol) + signed;
        ExpectedMessage report = Report(
            order,
            'F',
            order.Quantity == order.Executed ? '2' : '1',
            order.Leaves,
            trade: $"{Amount(32, quantity)}{Amount(31, price)}{Field(527, matchId)}{Field(851, waited ? 1 : 2)}");
        session.Unseen.Add((report.SeqNum, report));
    }

    private void Rest(ReferenceOrder order)
    {
        order.Arrival = ++_lastArrival;
        order.Instrument.SideOf(order).Add(order);
    }

    private void Close(ReferenceOrder order, char status)
    {
        order.ClosedAs = status;
        _open.Remove(order.Id);
    }

    private void CloseUnasked(ReferenceOrder order, char status, ReasonCode reason)
    {
        Close(order, status);
        Report(order, status, status, 0, text: Words(reason));
    }

    private void CancelOnDisconnect(ReferenceSession session)
    {
        foreach (ReferenceOrder order in OpenOrdersOf(session).Where(static order => order.InForce == '0').ToArray())
        {
            order.Instrument.SideOf(order).Remove(order);
            CloseUnasked(order, '4', ReasonCode.CancelOnDisconnect);
        }
    }

    private void ReportState(ReferenceOrder order, string askedBy) => Report(order, 'I', order.Status, order.Leaves, askedBy: askedBy);

    private ExpectedMessage Report(
        ReferenceOrder order, char kind, char status, long leaves, string original = "", string askedBy = "", string trade = "", string text = "", string mass = "")
    {
        ReferenceSession session = _sessions[order.SessionId];
        string body = $"{Field(37, order.Id)}{Field(17, ++_lastExecId)}{Field(150, kind)}{Field(39, status)}{Field(11, order.ClOrdId)}{Field(41, original)}{Field(790, askedBy)}{mass}"
            + $"{Field(55, order.Instrument.Symbol)}{Field(54, order.IsBuy ? '1' : '2')}{Field(1, order.Account)}{Amount(38, order.Quantity)}{Field(40, order.IsMarket ? '1' : '2')}"
            + $"{(order.IsMarket ? "" : Amount(44, order.Price))}{Field(59, order.InForce)}{trade}{(kind == 'D' ? $"378=1{Soh}" : "")}{Amount(151, leaves)}{Amount(14, order.Executed)}{Amount(6, order.AveragePrice)}"
            + $"{Field(60, Time(session))}{text}";
        return Emit(session, "8", body);
    }

    private void RejectNew(ReferenceSession session, in NewOrderCommand command, long orderId, ReasonCode reason, long value, long limit)
    {
        string body = $"{(orderId == 0 ? $"37=NONE{Soh}" : Field(37, orderId))}{Field(17, ++_lastExecId)}150=8{Soh}39=8{Soh}{Field(11, command.ClOrdId.ToString())}"
            + $"{Field(55, command.Symbol.ToString())}{Field(54, (char)command.Side)}{Field(1, command.Account.ToString())}{AmountIfAny(38, command.QuantityE8)}"
            + $"{Field(40, (char)command.OrdType)}{AmountIfAny(44, command.PriceE8)}{Field(59, (char)command.TimeInForce)}151=0{Soh}14=0{Soh}6=0{Soh}{Field(60, Time(session))}"
            + $"{Field(103, RejectCode(reason))}{Words(reason, value, limit)}";
        Emit(session, "8", body);
    }

    private void RejectRequest(ReferenceSession session, string id, string original, ReferenceOrder? order, char responseTo, ReasonCode reason, long value, long limit)
    {
        long code = reason switch
        {
            ReasonCode.TooLateToCancel => 0,
            ReasonCode.UnknownOrder => 1,
            ReasonCode.DuplicateClOrdId => 6,
            _ => 2,
        };
        string body = $"{(order is null ? $"37=NONE{Soh}" : Field(37, order.Id))}{Field(11, id)}{Field(41, original)}{Field(39, order?.Status ?? '8')}"
            + $"{Field(60, Time(session))}{Field(434, responseTo)}{Field(102, code)}{Words(reason, value, limit)}";
        Emit(session, "9", body);
    }

    private static long RejectCode(ReasonCode reason) => reason switch
    {
        ReasonCode.UnknownSymbol => 1,
        ReasonCode.TooManyOpenOrders => 3,
        ReasonCode.UnknownOrder => 5,
        ReasonCode.DuplicateClOrdId => 6,
        ReasonCode.UnsupportedOrdType or ReasonCode.UnsupportedTimeInForce or ReasonCode.UnsupportedSide => 11,
        ReasonCode.QuantityNotOnStep or ReasonCode.QuantityOutOfRange => 13,
        _ => 99,
    };
}
