using System.Runtime.InteropServices;
using Exchange.Protocol;
using Exchange.Protocol.Events;
using Exchange.Protocol.Text;

namespace Exchange.Core.Tests.Orders;

/// <summary>
/// Believes nothing but the reports, as a client does, and checks what must hold over all of them: numbers unique and rising, 150 and
/// 39 agreeing, 151 + 14 = 38 while open, 6 exact, each trade reported to both sides alike, positions summing to zero.
/// </summary>
internal sealed class ReportLedger
{
    private readonly Dictionary<long, Order> _orders = [];
    private readonly Dictionary<(int Session, int Instrument), decimal> _positions = [];
    private readonly Dictionary<(int Session, Text40 RequestId), (int Total, int Left)> _massStatus = [];
    private ExecutionReportEvent? _firstSide;
    private long _lastExecId;

    public long Trades { get; private set; }

    public long MassStatusAnswers { get; private set; }

    public IReadOnlyDictionary<(int Session, int Instrument), decimal> Positions => _positions;

    public void Observe(OrderDesk desk, string request)
    {
        long offset = 0;
        while (desk.Events.TryRead(ref offset, out ReadOnlySpan<byte> bytes))
        {
            EventHeader header = MemoryMarshal.Read<EventHeader>(bytes);
            if (header.Type == EventType.ExecutionReport)
            {
                ExecutionReportEvent report = MemoryMarshal.Read<ExecutionReportEvent>(bytes);
                Observe(report, request);
                if ((report.Tail & ReportTail.MassStatus) != 0)
                {
                    ObserveMassStatus(report, MemoryMarshal.Read<MassStatusTail>(bytes[^(MassStatusTail.SizeBytes + ((report.Tail & ReportTail.Extras) != 0 ? OrderExtrasTail.SizeBytes : 0))..]), request);
                }
            }
        }

        Assert.True(_firstSide is null, $"{request}: a trade was told to one side only");
    }

    private void Observe(ExecutionReportEvent report, string request)
    {
        Assert.True(report.ExecId > _lastExecId, request);
        _lastExecId = report.ExecId;
        Assert.True(report.CumQtyE8 >= 0 && report.LeavesQtyE8 >= 0, request);
        Order? order = null;
        if (report.OrderId != 0 && report.ExecType != ExecType.Rejected)
        {
            order = OrderOf(report, request);
        }

        switch (report.ExecType)
        {
            case ExecType.Rejected:
                Assert.True(report.OrdStatus == OrdStatus.Rejected && report.Text != ReasonCode.None && report.OrdRejReason != ExecutionReportEvent.NoReason, request);
                return;
            case ExecType.Trade:
                Trade(order!, report, request);
                break;
            case ExecType.New:
                Assert.True(report.OrdStatus == OrdStatus.New && report.CumQtyE8 == 0, request);
                break;
            case ExecType.Canceled:
                Assert.True(report.OrdStatus == OrdStatus.Canceled, request);
                break;
            case ExecType.Expired:
                Assert.True(report.OrdStatus == OrdStatus.Expired, request);
                break;
            default:
                break;
        }

        if (order is null)
        {
            return;
        }

        bool isOpen = report.OrdStatus is OrdStatus.New or OrdStatus.PartiallyFilled;
        Assert.True(report.CumQtyE8 == order.CumE8, request);
        Assert.True(report.LeavesQtyE8 == (isOpen ? report.OrderQtyE8 - report.CumQtyE8 : 0), request);
        Assert.True(!isOpen || report.OrdStatus == (report.CumQtyE8 == 0 ? OrdStatus.New : OrdStatus.PartiallyFilled), request);
        Assert.True(report.OrdStatus != OrdStatus.Filled || report.CumQtyE8 == report.OrderQtyE8, request);
        Assert.True(report.AvgPxE8 == order.AverageE8, request);
        Assert.True(order.IsOpen || !isOpen, $"{request}: order {report.OrderId} came back to life");
        order.IsOpen = isOpen;
    }

    // Each answer consists of exactly as many reports as its first one says, and the last one says that it is.
    private void ObserveMassStatus(ExecutionReportEvent report, MassStatusTail tail, string request)
    {
        Assert.True(report.ExecType == ExecType.OrderStatus, request);
        if (tail.TotalReports == 0)
        {
            Assert.True(tail.IsLast == 1 && report.OrderId == 0 && report.OrdStatus == OrdStatus.Rejected, request);
            return;
        }

        (int, Text40) key = (report.Header.SessionId, tail.MassStatusReqId);
        (int total, int left) = _massStatus.GetValueOrDefault(key, (tail.TotalReports, tail.TotalReports));
        left--;
        Assert.True(total == tail.TotalReports && report.OrderId != 0, request);
        Assert.True(left == 0 == (tail.IsLast == 1), $"{request}: {left} reports are left, 912 is {tail.IsLast}");
        if (left > 0)
        {
            _massStatus[key] = (total, left);
        }
        else
        {
            _massStatus.Remove(key);
            MassStatusAnswers++;
        }
    }

    private Order OrderOf(ExecutionReportEvent report, string request)
    {
        if (report.ExecType == ExecType.New)
        {
            Assert.True(_orders.TryAdd(report.OrderId, new Order { SessionId = report.Header.SessionId }), request);
        }

        Assert.True(_orders.TryGetValue(report.OrderId, out Order? order), request);
        Assert.True(order.SessionId == report.Header.SessionId, $"{request}: the report went to another session");
        return order;
    }

    private void Trade(Order order, ExecutionReportEvent report, string request)
    {
        order.CumE8 += report.LastQtyE8;
        order.SumE16 += (Int128)report.LastQtyE8 * report.LastPxE8;
        decimal quantity = (decimal)report.LastQtyE8 / FixedPoint.Scale;
        (int, int) key = (report.Header.SessionId, report.InstrumentId);
        _positions[key] = _positions.GetValueOrDefault(key) + (report.Side == Side.Buy ? quantity : -quantity);
        if (_firstSide is not { } first)
        {
            _firstSide = report;
            Trades++;
            return;
        }

        Assert.True(
            first.MatchId == report.MatchId && first.LastPxE8 == report.LastPxE8 && first.LastQtyE8 == report.LastQtyE8
            && first.Side != report.Side && first.InstrumentId == report.InstrumentId && first.OrderId != report.OrderId,
            $"{request}: the two sides of match {report.MatchId} differ");
        _firstSide = null;
    }

    private sealed class Order
    {
        public int SessionId { get; init; }

        public bool IsOpen { get; set; } = true;

        public long CumE8 { get; set; }

        public Int128 SumE16 { get; set; }

        public long AverageE8 => CumE8 == 0 ? 0 : (long)(((2 * SumE16) + CumE8) / (2 * (Int128)CumE8));
    }
}
