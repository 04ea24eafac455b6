using System.Runtime.InteropServices;
using System.Text;
using BenchmarkDotNet.Attributes;
using Exchange.Fix.Client;
using Exchange.Fix.Dictionary;
using Exchange.Gateway.Translation;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.Text;

namespace Exchange.Benchmarks.Fix;

/// <summary>What an ExecutionReport of about 217 bytes costs from event record to bytes, nanoseconds per message. The target is 100 ns, 0 bytes allocated.</summary>
[MemoryDiagnoser]
public class FixOutboundBenchmarks
{
    private const int MessageCount = 1000;
    private const long NowNs = 1_795_178_096_789_000_000;

    private readonly EventEncoder _encoder = new();
    private ClientEncoder _client = new("CLIENT1", "EXECUTOR");
    private readonly InstrumentNames _names = new();
    private readonly byte[] _target = new byte[EventEncoder.MessageLengthMax];
    private byte[][] _events = [];
    private SessionProfile? _profile;

    /// <summary>The version of FIX.</summary>
    [Params("FIX.4.2", "FIX.4.4", "FIX.5.0SP2")]
    public string Version { get; set; } = "FIX.4.4";

    /// <summary>Makes a thousand different fills, each a microsecond after the one before.</summary>
    [GlobalSetup]
    public void Setup()
    {
        FixDictionary dictionary = FixDictionaries.All.Single(each => each.Version == Version);
        _client = new ClientEncoder("CLIENT1", "EXECUTOR", dictionary);
        DefineParticipantCommand definition = new()
        {
            SenderCompId = Text40.From("CLIENT1"),
            TargetCompId = Text40.From("EXECUTOR"),
            TimestampDecimals = 3,
        };
        SessionProfile.TryCreate(dictionary, definition, out _profile);
        _names.Set(0, new DefineInstrumentCommand { Symbol = Text24.From("AAPL") });
        _events = [.. Enumerable.Range(0, MessageCount).Select(Fill)];
        Console.WriteLine(Encoding.Latin1.GetString(_target, 0, _encoder.Encode(_events[0], _profile!, _names, _target)).Replace('\u0001', '|'));
    }

    /// <summary>The report of a fill.</summary>
    [Benchmark(OperationsPerInvoke = MessageCount)]
    public int EncodeExecutionReport()
    {
        int sum = 0;
        foreach (byte[] record in _events)
        {
            sum += _encoder.Encode(record, _profile!, _names, _target);
        }

        return sum;
    }

    /// <summary>A client's new order.</summary>
    [Benchmark(OperationsPerInvoke = MessageCount)]
    public int EncodeNewOrderSingle()
    {
        int sum = 0;
        for (int i = 0; i < MessageCount; i++)
        {
            ClientOrder order = new()
            {
                ClOrdId = "ORD0000012345"u8,
                Symbol = "AAPL"u8,
                Side = Side.Buy,
                OrdType = OrdType.Limit,
                QuantityE8 = 10_000_000_000 + (i * FixedPoint.Scale),
                PriceE8 = 10_125_000_000,
            };
            sum += _client.NewOrderSingle(_target, i, NowNs + (i * 1000), order);
        }

        return sum;
    }

    private static byte[] Fill(int number)
    {
        ExecutionReportEvent report = new()
        {
            Header = new EventHeader
            {
                Type = EventType.ExecutionReport,
                Length = ExecutionReportEvent.SizeBytes,
                MsgSeqNum = 1000 + number,
                SendingTimeNs = NowNs + (number * 1000),
            },
            OrderId = 1_234_567 + number,
            ExecId = 2_234_567 + number,
            ClOrdId = Text40.From("ORD0000012345"),
            OrderQtyE8 = 10_000_000_000,
            PriceE8 = 10_125_000_000,
            LastQtyE8 = 10_000_000_000,
            LastPxE8 = 10_125_000_000,
            CumQtyE8 = 10_000_000_000,
            AvgPxE8 = 10_125_000_000,
            TransactTimeNs = NowNs + (number * 1000),
            ExecType = ExecType.Trade,
            OrdStatus = OrdStatus.Filled,
            Side = Side.Buy,
            OrdType = OrdType.Limit,
            TimeInForce = TimeInForce.Day,
            OrdRejReason = ExecutionReportEvent.NoReason,
        };
        byte[] record = new byte[ExecutionReportEvent.SizeBytes];
        MemoryMarshal.Write(record, report);
        return record;
    }
}
