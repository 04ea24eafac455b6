using System.Text;
using Exchange.Fix.Dictionary;
using Exchange.Fix.Framing;
using Exchange.Fix.Parsing;
using Exchange.Fix.Validation;
using Exchange.Host.Client;
using Exchange.Host.Load;

namespace Exchange.Host.Tests.Load;

public class OrderWriterTests
{
    private static readonly LoadOptions s_options = new() { Addresses = [], Symbols = ["AAPL", "BTC-USD"] };
    private readonly OrderWriter _writer = new(s_options, "HFT1", "PREFIX01");
    private readonly byte[] _time = Encoding.ASCII.GetBytes("20261121-01:02:03.456");
    private readonly byte[] _target = new byte[OrderWriter.BytesMax];

    [Fact]
    public void An_order_is_a_whole_message_with_all_required_fields()
    {
        int length = _writer.WriteNew(_target, 7, 42, new OrderShape(1, IsBuy: false, PriceClass.Passive, 3, IsIoc: false), _time);
        FixMessageView message = View(length);
        Assert.Equal(
            "35=D|34=7|49=HFT1|56=EXCH|52=20261121-01:02:03.456|11=PREFIX01N42|55=BTC-USD|54=2|60=20261121-01:02:03.456|38=1|40=2|44=100.04|59=0",
            string.Join('|', message.ToString().Split('|')[2..^2]));
    }

    [Theory]
    [InlineData("FIX.4.2")]
    [InlineData("FIX.4.4")]
    [InlineData("FIX.5.0SP2")]
    public void Orders_and_cancels_are_valid_in_each_version(string version)
    {
        FixDictionary dictionary = FixDictionaries.All.Single(each => each.Version == version);
        OrderWriter writer = new(s_options with { Version = dictionary }, "HFT1", "PREFIX01");
        OrderShape shape = new(1, IsBuy: false, PriceClass.Passive, 3, IsIoc: false);
        foreach (int kind in new[] { 0, 1, 2 })
        {
            int written = kind switch
            {
                0 => writer.WriteNew(_target, 7, 42, shape, _time),
                1 => writer.WriteCancel(_target, 8, 42, shape, _time),
                _ => writer.WriteAgain(_target, 7, 42, shape, _time, _time, isCancel: false),
            };
            Assert.Equal(FrameStatus.Message, FixFramer.Read(_target.AsSpan(0, written)).Status);
            Assert.Equal(FixFault.None, FixValidator.Validate(new FixParser(dictionary).Parse(_target.AsSpan(0, written))));
        }
    }

    [Theory]
    [InlineData("20=0|150=1|39=1|", 'F')]
    [InlineData("20=0|150=2|39=2|", 'F')]
    [InlineData("20=3|150=1|39=1|", 'I')]
    [InlineData("20=0|150=0|39=0|", '0')]
    [InlineData("150=F|39=1|", 'F')]
    [InlineData("150=I|39=1|", 'I')]
    public void A_report_of_any_version_is_read_as_one_of_FIX_4_4(string fields, char expected)
    {
        byte[] report = Encoding.ASCII.GetBytes(("8=FIX.4.2|9=5|35=8|" + fields + "10=000|").Replace('|', '\u0001'));
        Assert.Equal(expected, (char)ReportScan.Read(report).ExecType);
        Assert.Equal(expected, new FixMessageView(report).ExecType());
    }

    [Fact]
    public void A_cancel_names_its_order()
    {
        int length = _writer.WriteCancel(_target, 8, 42, new OrderShape(0, IsBuy: true, PriceClass.Passive, 3, IsIoc: false), _time);
        FixMessageView message = View(length);
        Assert.Equal(("F", "PREFIX01C42", "PREFIX01N42", "1"), (message.Text(35), message.Text(11), message.Text(41), message.Text(54)));
    }

    [Fact]
    public void Passive_orders_never_meet_and_through_orders_meet_all_of_them()
    {
        decimal lowestSell = decimal.MaxValue;
        decimal highestSell = 0;
        decimal highestBuy = 0;
        for (int level = 0; level < LoadMix.Levels; level++)
        {
            decimal sell = OrderWriter.Price(s_options, new OrderShape(0, false, PriceClass.Passive, level, false));
            lowestSell = Math.Min(lowestSell, sell);
            highestSell = Math.Max(highestSell, sell);
            highestBuy = Math.Max(highestBuy, OrderWriter.Price(s_options, new OrderShape(0, true, PriceClass.Passive, level, false)));
        }

        Assert.True(highestBuy < s_options.MiddlePrice && s_options.MiddlePrice < lowestSell);
        Assert.True(OrderWriter.Price(s_options, new OrderShape(0, true, PriceClass.Through, 0, true)) > highestSell);
    }

    [Fact]
    public void Writing_and_scanning_allocate_nothing()
    {
        OrderShape shape = new(0, true, PriceClass.Middle, 0, false);
        ReportScan.Read(_target.AsSpan(0, _writer.WriteNew(_target, 1, 1, shape, _time)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            ReportScan.Read(_target.AsSpan(0, _writer.WriteNew(_target, i, i, shape, _time)));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_report_is_scanned_for_what_counts()
    {
        byte[] report = Encoding.ASCII.GetBytes(
            "8=FIX.4.4|9=1|35=8|34=1234|49=EXCH|56=HFT1|43=Y|37=1|17=2|150=F|39=2|11=ABC|55=AAPL|14=5.00|32=3|10=000|".Replace('|', '\u0001'));
        ReportScan scan = ReportScan.Read(report);
        Assert.Equal((1234, 5, 3), (scan.SeqNum, scan.CumQty, scan.LastQty));
        Assert.Equal(((byte)'8', (byte)'F', (byte)'2', true), (scan.MsgType, scan.ExecType, scan.OrdStatus, scan.IsPossDup));
        Assert.Equal("ABC", Encoding.ASCII.GetString(scan.ClOrdId));
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(1, false)]
    public void Fills_pair_each_buy_with_a_sell_of_the_same_symbol(int sessions, bool isPaired)
    {
        LoadMix mix = LoadMix.Find("fills")!;
        Dictionary<int, int> position = [];
        for (int n = 0; n < 1000; n++)
        {
            for (int session = 0; session < sessions; session++)
            {
                OrderShape shape = mix.Shape(session, n, sessions, 3);
                position[shape.Symbol] = position.GetValueOrDefault(shape.Symbol) + (shape.IsBuy ? 1 : -1);
                Assert.True(!isPaired || shape.IsBuy == (session % 2 == 0));
            }
        }

        Assert.Equal(3, position.Count);
        Assert.All(position.Values, left => Assert.Equal(0, left));
    }

    private FixMessageView View(int length)
    {
        Assert.Equal(FrameResult.Frame, FixFrames.Find(_target.AsSpan(0, length), out int framed));
        Assert.Equal(length, framed);
        return new FixMessageView(_target.AsSpan(0, length));
    }
}
