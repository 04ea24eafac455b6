using System.Runtime.InteropServices;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Core.Tests.Sessions;

/// <summary>
/// A FIX client as the core sees it through its gateway: it counts its own numbers from 1, and each call sends one message. A call
/// returns the exchange, so that the story goes on with what must come back.
/// </summary>
internal sealed class ClientHarness(CoreHarness exchange, int session, long connection)
{
    public int Gateway { get; set; } = 1;

    public long Incarnation { get; set; } = 100;

    public long Connection { get; set; } = connection;

    public long Term { get; set; } = exchange.Term;

    /// <summary>MsgSeqNum of the next message.</summary>
    public long Next { get; set; } = 1;

    /// <summary>Fields of the next message only.</summary>
    public FixMessageFlags Flags { get; set; }

    public long? OrigSendingTimeNs { get; set; }

    /// <summary>The next message carries this number instead, and the count is not moved.</summary>
    public ClientHarness At(long msgSeqNum) => new(exchange, session, Connection)
    {
        Gateway = Gateway,
        Incarnation = Incarnation,
        Term = Term,
        Next = msgSeqNum,
        Flags = Flags,
        OrigSendingTimeNs = OrigSendingTimeNs,
    };

    /// <summary>As <see cref="At"/>, resent with PossDup; 122 lies a second before 52 unless said otherwise, null leaves it out.</summary>
    public ClientHarness PossDup(long msgSeqNum, long? origSendingTimeNs = -1)
    {
        ClientHarness resent = At(msgSeqNum);
        resent.Flags |= FixMessageFlags.PossDup;
        resent.OrigSendingTimeNs = origSendingTimeNs == -1 ? exchange.NowNs - CoreHarness.SecondNs : origSendingTimeNs;
        return resent;
    }

    public CoreHarness Logon(int heartBtInt = 30, long? nextExpected = null, bool reset = false)
    {
        Flags |= (nextExpected is null ? 0 : FixMessageFlags.HasNextExpected) | (reset ? FixMessageFlags.ResetSeqNum : 0);
        return Send(CommandType.Logon, "A", new LogonCommand { HeartBtIntSec = heartBtInt, NextExpectedMsgSeqNum = nextExpected ?? 0 });
    }

    public CoreHarness Heartbeat(string testReqId = "") => Send(CommandType.Heartbeat, "0", new TestReqCommand { TestReqId = Text64.From(testReqId) });

    public CoreHarness TestRequest(string testReqId) => Send(CommandType.TestRequest, "1", new TestReqCommand { TestReqId = Text64.From(testReqId) });

    public CoreHarness ResendRequest(long begin, long end) => Send(CommandType.ResendRequest, "2", new RangeCommand { BeginSeqNo = begin, EndSeqNo = end });

    public CoreHarness GapFill(long newSeqNo)
    {
        Flags |= FixMessageFlags.GapFill;
        return Send(CommandType.SequenceReset, "4", new SequenceResetCommand { NewSeqNo = newSeqNo });
    }

    public CoreHarness SequenceReset(long newSeqNo) => Send(CommandType.SequenceReset, "4", new SequenceResetCommand { NewSeqNo = newSeqNo });

    public CoreHarness ClientReject() => Send(CommandType.ClientReject, "3", default(FixCommandHeader));

    public CoreHarness Logout() => Send(CommandType.Logout, "5", default(FixCommandHeader));

    public CoreHarness Invalid(GatewayVerdict verdict, ushort reason = 0, int tag = 0, string msgType = "D") =>
        Send(CommandType.InvalidMessage, msgType, new FixCommandHeader { Verdict = verdict, Reason = reason, RefTagId = tag });

    public CoreHarness Buy(string id, long quantity = 10, TimeInForce timeInForce = TimeInForce.Day) => Order(id, Side.Buy, quantity, timeInForce);

    public CoreHarness Sell(string id, long quantity = 10, TimeInForce timeInForce = TimeInForce.Day) => Order(id, Side.Sell, quantity, timeInForce);

    public CoreHarness Cancel(string id, string original, Side side = Side.Buy) => Send(CommandType.CancelOrder, "F", new CancelOrderCommand
    {
        ClOrdId = Text40.From(id),
        OrigClOrdId = Text40.From(original),
        Symbol = Text24.From("AAPL"),
        Side = side,
    });

    public CoreHarness UserRequest(UserRequestOutcome outcome, string username = "HFT1", uint basedOn = 0) => Send(CommandType.UserRequest, "BE", new UserRequestCommand
    {
        UserRequestId = Text40.From("U1"),
        Username = Text40.From(username),
        PasswordIterations = 1234,
        BasedOn = basedOn,
        Outcome = outcome,
    });

    public CoreHarness ChangePassword(uint basedOn = 0) => exchange.Apply(CommandType.ChangePassword, new ChangePasswordCommand
    {
        Password = new SetPasswordCommand { Header = Header(), PasswordIterations = 4321, BasedOn = basedOn },
    });

    public CoreHarness MassStatus(string id, char scope = '7', string symbol = "", Side side = Side.None) => Mass(CommandType.MassStatus, "AF", id, scope, symbol, side);

    public CoreHarness MassCancel(string id, char scope = '7', string symbol = "", Side side = Side.None) => Mass(CommandType.MassCancel, "q", id, scope, symbol, side);

    public CoreHarness SecurityList(string id, char type = '4', string symbol = "") => Ask(CommandType.SecurityListRequest, "x", id, symbol, type, '\0');

    public CoreHarness SecurityDefinition(string id, char type = '0', string symbol = "") => Ask(CommandType.SecurityDefinitionRequest, "c", id, symbol, type, '\0');

    public CoreHarness SecurityStatus(string id, string symbol, char subscription = '0') => Ask(CommandType.SecurityStatusRequest, "e", id, symbol, '\0', subscription);

    public CoreHarness TradingSessionStatus(string id, string tradingSession = "", char subscription = '0') =>
        Ask(CommandType.TradingSessionStatusRequest, "g", id, tradingSession, '\0', subscription);

    public CoreHarness ConnectionLost() => SendConnection(CommandType.ConnectionLost, ReasonCode.None);

    public CoreHarness HeartbeatDue() => SendConnection(CommandType.HeartbeatDue, ReasonCode.None);

    public CoreHarness TestRequestDue() => SendConnection(CommandType.TestRequestDue, ReasonCode.None);

    public CoreHarness LogoutDue(ReasonCode reason) => SendConnection(CommandType.LogoutDue, reason);

    private CoreHarness Order(string id, Side side, long quantity, TimeInForce timeInForce) => Send(CommandType.NewOrder, "D", new NewOrderCommand
    {
        ClOrdId = Text40.From(id),
        Symbol = Text24.From("AAPL"),
        PriceE8 = 100 * FixedPoint.Scale,
        QuantityE8 = quantity * FixedPoint.Scale,
        TransactTimeNs = exchange.NowNs,
        Side = side,
        OrdType = OrdType.Limit,
        TimeInForce = timeInForce,
    });

    private CoreHarness Mass(CommandType type, string msgType, string id, char scope, string symbol, Side side) => Send(type, msgType, new MassOrderCommand
    {
        RequestId = Text40.From(id),
        Symbol = Text24.From(symbol),
        Scope = (MassScope)scope,
        Side = side,
    });

    private CoreHarness Ask(CommandType type, string msgType, string id, string subject, char requestType, char subscription) => Send(type, msgType, new SecurityRequestCommand
    {
        RequestId = Text40.From(id),
        Subject = Text24.From(subject),
        RequestType = (byte)requestType,
        Subscription = (byte)subscription,
    });

    private CoreHarness SendConnection(CommandType type, ReasonCode reason) =>
        exchange.Apply(type, new ConnectionCommand { Header = Header(), Reason = reason });

    private CoreHarness Send<T>(CommandType type, string msgType, T command)
        where T : unmanaged
    {
        ref FixCommandHeader message = ref MemoryMarshal.AsRef<FixCommandHeader>(MemoryMarshal.AsBytes(new Span<T>(ref command)));
        message.Command = Header();
        message.MsgSeqNum = Next++;
        message.SendingTimeNs = exchange.NowNs;
        message.OrigSendingTimeNs = OrigSendingTimeNs ?? FixedPoint.Absent;
        message.Flags |= Flags;
        message.MsgType = Text16.From(msgType);
        Flags = FixMessageFlags.None;
        OrigSendingTimeNs = null;
        return exchange.Apply(type, command);
    }

    private CommandHeader Header() => new()
    {
        LeadershipTerm = Term,
        GatewayIncarnation = Incarnation,
        ConnectionId = Connection,
        GatewayId = Gateway,
        SessionId = session,
        ReceivedNs = exchange.NowNs,
    };
}
