using Exchange.Fix.Client;
using Exchange.Fix.Dictionary;
using Exchange.Fix.Framing;
using Exchange.Fix.Parsing;
using Exchange.Fix.Validation;
using Exchange.Protocol;

namespace Exchange.Fix.Tests.Client;

/// <summary>What the client builds, in exact text; the exchange's validation must accept all of it.</summary>
public sealed class ClientEncoderTests
{
    private const long NowNs = 1_795_178_096_789_000_000;
    private const string Header = "49=HFT1|56=EXCH|34=7|52=20261120-12:34:56.789|";

    private readonly ClientEncoder _encoder = new("HFT1", "EXCH");
    private readonly byte[] _target = new byte[ClientEncoder.MessageLengthMax];

    [Fact]
    public void Session_messages_are_exact_and_valid()
    {
        ClientLogon logon = new() { HeartBtIntSec = 30, Username = "u"u8, Password = "p"u8, ResetSeqNum = true, NextExpectedMsgSeqNum = 4 };
        AssertIs("35=A|" + Header + "98=0|108=30|141=Y|789=4|553=u|554=p|", _encoder.Logon(_target, 7, NowNs, logon));
        AssertIs("35=A|" + Header + "98=0|108=5|", _encoder.Logon(_target, 7, NowNs, new ClientLogon { HeartBtIntSec = 5 }));
        AssertIs("35=0|" + Header, _encoder.Heartbeat(_target, 7, NowNs));
        AssertIs("35=0|" + Header + "112=T|", _encoder.Heartbeat(_target, 7, NowNs, "T"u8));
        AssertIs("35=1|" + Header + "112=T|", _encoder.TestRequest(_target, 7, NowNs, "T"u8));
        AssertIs("35=2|" + Header + "7=3|16=0|", _encoder.ResendRequest(_target, 7, NowNs, 3, 0));
        AssertIs("35=4|" + Header + "123=Y|36=9|", _encoder.SequenceReset(_target, 7, NowNs, 9, isGapFill: true));
        AssertIs("35=4|" + Header + "36=9|", _encoder.SequenceReset(_target, 7, NowNs, 9, isGapFill: false));
        AssertIs("35=5|" + Header + "58=bye|", _encoder.Logout(_target, 7, NowNs, "bye"u8));
    }

    [Fact]
    public void Order_messages_are_exact_and_valid()
    {
        ClientOrder order = new()
        {
            ClOrdId = "C1"u8,
            Symbol = "AAPL"u8,
            Side = Side.Buy,
            OrdType = OrdType.Limit,
            QuantityE8 = 10_000_000_000,
            PriceE8 = 10_125_000_000,
        };
        const string Terms = "55=AAPL|54=1|60=20261120-12:34:56.789|";
        AssertIs("35=D|" + Header + "11=C1|" + Terms + "38=100|40=2|44=101.25|", _encoder.NewOrderSingle(_target, 7, NowNs, order));
        order.TimeInForce = TimeInForce.FillOrKill;
        order.OrdType = OrdType.Market;
        order.PriceE8 = FixedPoint.Absent;
        order.Account = "ACC"u8;
        order.IsPossResend = true;
        AssertIs("35=D|" + Header + "97=Y|11=C1|1=ACC|" + Terms + "38=100|40=1|59=4|", _encoder.NewOrderSingle(_target, 7, NowNs, order));
        ClientOrder change = new() { ClOrdId = "C2"u8, OrigClOrdId = "C1"u8, Symbol = "AAPL"u8, Side = Side.Buy, OrdType = OrdType.Limit, QuantityE8 = 1, PriceE8 = 2 };
        AssertIs("35=F|" + Header + "41=C1|11=C2|" + Terms, _encoder.OrderCancelRequest(_target, 7, NowNs, change));
        AssertIs("35=G|" + Header + "41=C1|11=C2|" + Terms + "38=0.00000001|40=2|44=0.00000002|", _encoder.OrderCancelReplaceRequest(_target, 7, NowNs, change));
        change.OrdStatusReqId = "Q"u8;
        AssertIs("35=H|" + Header + "11=C2|790=Q|55=AAPL|54=1|", _encoder.OrderStatusRequest(_target, 7, NowNs, change));
    }

    [Fact]
    public void A_resent_message_says_so()
    {
        _encoder.PossDupOriginalNs = NowNs - 1_000_000_000;
        AssertIs("35=0|" + Header + "43=Y|122=20261120-12:34:55.789|", _encoder.Heartbeat(_target, 7, NowNs));
    }

    [Fact]
    public void Building_allocates_nothing()
    {
        long before = 0;
        for (int i = 0; i < 4000; i++)
        {
            if (i == 2000)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            ClientOrder order = new() { ClOrdId = "C1"u8, Symbol = "AAPL"u8, Side = Side.Buy, OrdType = OrdType.Limit, QuantityE8 = i, PriceE8 = i };
            _encoder.NewOrderSingle(_target, i, NowNs + i, order);
            _encoder.Heartbeat(_target, i, NowNs + i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData("FIX.4.2", "|98=0|108=30|553=u|10=", "|11=C1|1=A|21=1|55=AAPL|", "|11=C1|55=AAPL|")]
    [InlineData("FIX.4.4", "|98=0|108=30|789=4|553=u|10=", "|11=C1|1=A|55=AAPL|", "|11=C1|790=Q|55=AAPL|")]
    [InlineData("FIX.5.0SP2", "|98=0|108=30|789=4|553=u|1137=9|10=", "|11=C1|1=A|55=AAPL|", "|11=C1|790=Q|55=AAPL|")]
    public void Each_version_gets_what_it_asks_for(string version, string logon, string order, string status)
    {
        FixDictionary dictionary = FixDictionaries.All.Single(each => each.Version == version);
        ClientEncoder encoder = new("HFT1", "EXCH", dictionary);
        ClientOrder terms = new() { ClOrdId = "C1"u8, OrigClOrdId = "C0"u8, OrdStatusReqId = "Q"u8, Account = "A"u8, Symbol = "AAPL"u8, Side = Side.Buy, OrdType = OrdType.Market, QuantityE8 = FixedPoint.Scale };
        AssertHolds(dictionary, logon, encoder.Logon(_target, 1, NowNs, new ClientLogon { HeartBtIntSec = 30, Username = "u"u8, NextExpectedMsgSeqNum = 4 }));
        AssertHolds(dictionary, order, encoder.NewOrderSingle(_target, 2, NowNs, terms));
        AssertHolds(dictionary, order, encoder.OrderCancelReplaceRequest(_target, 3, NowNs, terms));
        AssertHolds(dictionary, "|41=C0|11=C1|", encoder.OrderCancelRequest(_target, 4, NowNs, terms));
        AssertHolds(dictionary, status, encoder.OrderStatusRequest(_target, 5, NowNs, terms));
    }

    private void AssertHolds(FixDictionary dictionary, string part, int length)
    {
        string message = FixText.Show(_target.AsSpan(0, length));
        Assert.StartsWith($"8={dictionary.BeginString}|", message, StringComparison.Ordinal);
        Assert.Contains(part, message, StringComparison.Ordinal);
        Assert.Equal(FixFault.None, FixValidator.Validate(new FixParser(dictionary).Parse(_target.AsSpan(0, length))));
    }

    private void AssertIs(string body, int length)
    {
        Assert.Equal(FixText.Show(FixText.Frame(body)), FixText.Show(_target.AsSpan(0, length)));
        Assert.Equal(FrameStatus.Message, FixFramer.Read(_target.AsSpan(0, length)).Status);
        Assert.Equal(FixFault.None, FixValidator.Validate(new FixParser(FixDictionaries.Fix44).Parse(_target.AsSpan(0, length))));
    }
}
