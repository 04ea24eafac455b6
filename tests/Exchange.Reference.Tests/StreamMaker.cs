using System.Runtime.InteropServices;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Reference.Tests;

/// <summary>
/// Makes random streams: a few sessions, instruments with narrow price ranges so that everything meets everything, and now and then a
/// number that nobody should send. What it makes depends on the seed and the features alone, never on what was answered, so that any part
/// of a stream can be left out and the rest played again.
/// </summary>
internal sealed class StreamMaker
{
    public const int SessionCount = 6;
    public const int InstrumentCount = 3;
    private const long SecondNs = 1_000_000_000;
    private const int IdsRemembered = 24;

    private readonly Dice _dice;
    private readonly Feature _features;
    private readonly int[] _ids = new int[SessionCount];
    private readonly bool[] _isConnected = new bool[SessionCount];
    private readonly Dressing _dressing;

    public StreamMaker(ulong seed, Feature features)
    {
        _dice = new Dice(seed);
        _features = features;
        _dressing = new Dressing(_dice, features);
    }

    private bool Has(Feature feature) => (_features & feature) != 0;

    /// <summary>The steps that set up the venue.</summary>
    public IEnumerable<Step> Opening()
    {
        yield return Own(CommandType.DefineVenue, new DefineVenueCommand { DayEndNs = 17 * 3_600 * SecondNs });
        for (int i = 0; i < InstrumentCount; i++)
        {
            yield return Own(CommandType.DefineInstrument, _dressing.Instrument(i));
        }

        for (int i = 0; i < SessionCount; i++)
        {
            yield return Own(CommandType.DefineParticipant, new DefineParticipantCommand
            {
                SenderCompId = Text40.From($"HFT{i + 1}"),
                TargetCompId = Text40.From("EXCH"),
                Username = Text40.From($"HFT{i + 1}"),
                Flags = i % 2 == 0 ? ParticipantFlags.CancelOnDisconnect : ParticipantFlags.None,
                HeartBtIntMinSec = 1,
                HeartBtIntMaxSec = 60,
                CancelOnDisconnectGraceNs = 10 * SecondNs,
                TimestampDecimals = 9,
                OpenOrdersMax = 12 + (8 * i),
            });
        }

        if (Has(Feature.Risk | Feature.SelfTrade | Feature.Kill | Feature.Quote))
        {
            // Two sessions a firm.
            for (int i = 0; i < SessionCount; i++)
            {
                yield return Own(CommandType.AssignFirm, new AssignFirmCommand
                {
                    Header = new CommandHeader { SessionId = i },
                    Firm = Text16.From($"F{1 + (i / 2)}"),
                    DefaultAccount = i == 3 ? Text16.From("A1") : default,
                });
            }

            if (Has(Feature.Risk) && _dice.OneIn(2))
            {
                yield return Own(CommandType.DefineAccount, new DefineAccountCommand { Firm = Text16.From("F1"), Account = Text16.From("A1") });
            }

            if (Has(Feature.SelfTrade))
            {
                yield return Own(CommandType.SetLimits, new SetLimitsCommand { Firm = Text16.From("F2"), Scope = RiskScope.Firm, SelfTradeMode = (SelfTradeMode)_dice.Below(5) });
                yield return Own(CommandType.SetLimits, new SetLimitsCommand { Firm = Text16.From("F3"), Scope = RiskScope.Firm, SelfTradeMode = (SelfTradeMode)_dice.Below(5) });
            }
        }

        yield return Own(CommandType.TermStarted, default(CommandHeader));
        yield return Own(CommandType.GatewayAttached, new GatewayCommand { EgressStreamId = 1_001 });
        for (int i = 0; i < SessionCount; i++)
        {
            yield return LogOn(i, resets: false);
        }
    }

    /// <summary>The next step.</summary>
    public Step Next()
    {
        Step step = Make();
        _dressing.NowNs += step.AdvanceNs;
        return step with { HoldsTimers = step.HoldsTimers || _dice.OneIn(4) };
    }

    private Step Make()
    {
        int session = _dice.Below(SessionCount);
        if (!_isConnected[session])
        {
            return _dice.OneIn(3) ? LogOn(session, _dice.OneIn(3)) : Passing();
        }

        if (Has(Feature.Quote) && _dice.OneIn(8))
        {
            return _dice.OneIn(12)
                ? Message(CommandType.QuoteCancel, session, _dressing.QuoteCancel())
                : new Step(CommandType.MassQuote, session, 1_000, false, _dressing.Quote(session));
        }

        return _dice.Below(1_000) switch
        {
            < 520 => NewOrder(session),
            < 690 => Cancel(session),
            < 890 => Replace(session),
            < 920 => Status(session),
            < 940 => Mass(session, CommandType.MassStatus),
            < 955 => Mass(session, CommandType.MassCancel),
            < 960 => Lose(session),
            < 962 => _dice.OneIn(8) ? Day() : Passing(),
            < 964 => new Step(CommandType.None, -1, 1_000, true, []),
            _ => Special(session),
        };
    }

    private Step Special(int session) => _dice.Below(6) switch
    {
        0 when Has(Feature.Risk) => Own(CommandType.SetLimits, _dressing.Limits()),
        1 when Has(Feature.Risk) => Own(CommandType.Restrict, _dressing.Restriction()),
        2 when Has(Feature.Kill) && _dice.OneIn(4) => Own(CommandType.KillSwitch, _dressing.Kill()),
        3 when Has(Feature.Collar | Feature.Risk) => Own(CommandType.DefineInstrument, _dressing.Instrument(_dice.Below(InstrumentCount))),
        4 when Has(Feature.Phase) => Own(CommandType.SetPhase, _dressing.Phase()),
        _ => NewOrder(session),
    };

    private Step NewOrder(int session)
    {
        NewOrderCommand command = new()
        {
            ClOrdId = NewId(session),
            Symbol = _dressing.Symbol(),
            Side = _dice.OneIn(500) ? (Side)'5' : _dice.Of(Side.Buy, Side.Sell),
            QuantityE8 = _dressing.Quantity(),
            OrdType = _dice.Below(100) switch { < 8 => OrdType.Market, 8 => (OrdType)'P', _ => OrdType.Limit },
            TimeInForce = _dice.Below(100) switch
            {
                < 15 => TimeInForce.ImmediateOrCancel,
                < 24 => TimeInForce.FillOrKill,
                < 40 => TimeInForce.GoodTillCancel,
                40 => (TimeInForce)'5',
                _ => TimeInForce.Day,
            },
            PriceE8 = _dressing.Price(),
            Account = _dice.OneIn(4) ? Text16.From(_dice.Of("A1", "A2")) : default,
        };
        if (command.OrdType == OrdType.Market && !_dice.OneIn(50))
        {
            command.PriceE8 = FixedPoint.Absent;
        }

        _dressing.Dress(ref command);
        command.Header.Flags = _dice.OneIn(40) ? FixMessageFlags.PossResend : FixMessageFlags.None;
        return Message(CommandType.NewOrder, session, command);
    }

    private Step Cancel(int session)
    {
        CancelOrderCommand command = new()
        {
            ClOrdId = NewId(session),
            OrigClOrdId = OldId(session),
            Symbol = _dressing.Symbol(),
            Side = _dice.Of(Side.Buy, Side.Sell),
            OrderId = OrderId(),
        };
        command.Header.Flags = _dice.OneIn(40) ? FixMessageFlags.PossResend : FixMessageFlags.None;
        return Message(CommandType.CancelOrder, session, command);
    }

    private Step Replace(int session)
    {
        ReplaceOrderCommand command = new()
        {
            ClOrdId = NewId(session),
            OrigClOrdId = OldId(session),
            Symbol = _dressing.Symbol(),
            Side = _dice.Of(Side.Buy, Side.Sell),
            QuantityE8 = _dressing.Quantity(),
            PriceE8 = _dressing.Price(),
            OrdType = _dice.OneIn(60) ? OrdType.Market : OrdType.Limit,
            TimeInForce = _dice.Below(20) switch { 0 => TimeInForce.GoodTillCancel, 1 => TimeInForce.Day, 2 => TimeInForce.ImmediateOrCancel, _ => 0 },
            Account = _dice.OneIn(20) ? Text16.From(_dice.Of("A1", "A2")) : default,
            OrderId = OrderId(),
        };
        _dressing.Dress(ref command);
        command.Header.Flags = _dice.OneIn(40) ? FixMessageFlags.PossResend : FixMessageFlags.None;
        return Message(CommandType.ReplaceOrder, session, command);
    }

    private Step Status(int session) => Message(CommandType.OrderStatus, session, new OrderStatusCommand
    {
        ClOrdId = OldId(session),
        Symbol = _dressing.Symbol(),
        Side = _dice.Of(Side.Buy, Side.Sell),
        OrderId = OrderId(),
        OrdStatusReqId = _dice.OneIn(2) ? Text40.From("q") : default,
    });

    private Step Mass(int session, CommandType type)
    {
        MassOrderCommand command = new()
        {
            RequestId = NewId(session),
            Scope = _dice.Below(20) switch { 0 => (MassScope)'3', < 8 => MassScope.All, _ => MassScope.Security },
            Symbol = _dice.OneIn(10) ? default : _dressing.Symbol(),
            Side = _dice.OneIn(50) ? (Side)'5' : _dice.Of(Side.None, Side.Buy, Side.Sell),
        };
        command.Header.Flags = _dice.OneIn(40) ? FixMessageFlags.PossResend : FixMessageFlags.None;
        return Message(type, session, command);
    }

    private Step LogOn(int session, bool resets)
    {
        _isConnected[session] = true;
        LogonCommand logon = new() { HeartBtIntSec = 30 };
        logon.Header.Flags = resets ? FixMessageFlags.ResetSeqNum : FixMessageFlags.None;
        return Message(CommandType.Logon, session, logon);
    }

    private Step Lose(int session)
    {
        _isConnected[session] = false;
        return new Step(CommandType.ConnectionLost, session, 1_000, false, new byte[ConnectionCommand.SizeBytes]);
    }

    private Step Passing() => Own(CommandType.TimerDue, default(CommandHeader)) with { AdvanceNs = _dice.OneIn(4) ? 11 * SecondNs : _dice.Below(2_000_000_000) };

    // Up to the next end of a trading day and a little further.
    private Step Day() => Own(CommandType.TimerDue, default(CommandHeader)) with { AdvanceNs = (24L * 3_600 * SecondNs) - _dice.Below(1_000_000) };

    // Mostly a fresh id, now and then one that was used.
    private Text40 NewId(int session)
    {
        if (_dice.OneIn(60))
        {
            return OldId(session);
        }

        return Text40.From($"{(char)('a' + session)}{++_ids[session]}");
    }

    private Text40 OldId(int session)
    {
        int id = _ids[session] - _dice.Below(_dice.OneIn(30) ? 2_000 : IdsRemembered);
        return Text40.From(_dice.OneIn(100) ? "zz" : $"{(char)('a' + session)}{Math.Max(0, id)}");
    }

    private long OrderId() => _dice.Below(100) switch { 0 => -1, 1 => 1 + _dice.Below(500), _ => 0 };

    private static Step Message<T>(CommandType type, int session, T command)
        where T : unmanaged => new(type, session, 1_000, false, MemoryMarshal.AsBytes(new Span<T>(ref command)).ToArray());

    private static Step Own<T>(CommandType type, T command)
        where T : unmanaged => Message(type, -1, command);
}
