using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Exchange.Fix.Dictionary;
using Exchange.Fix.Framing;
using Exchange.Fix.Parsing;
using Exchange.Fix.Validation;
using Exchange.Gateway.Translation;
using Exchange.Protocol;
using Exchange.Protocol.Events;
using Exchange.Protocol.Text;

namespace Exchange.Gateway.Tests.Translation;

/// <summary>Event records as the core makes them, and their messages as clients would read them.</summary>
internal static class EventRecords
{
    private const byte Guard = 0xEE;

    /// <summary>The header of a message with number 12.</summary>
    public static EventHeader Header<T>(EventType type)
        where T : unmanaged => new() { Type = type, Length = Unsafe.SizeOf<T>(), MsgSeqNum = 12, SendingTimeNs = Sample.NowNs };

    /// <summary>A report on an order to buy 100 AAPL at 101.25.</summary>
    public static ExecutionReportEvent Report(ExecType type = ExecType.New, OrdStatus status = OrdStatus.New) => new()
    {
        Header = Header<ExecutionReportEvent>(EventType.ExecutionReport),
        OrderId = 42,
        ExecId = 1001,
        ClOrdId = Text40.From("ORD1"),
        Account = Text16.From("ACC"),
        OrderQtyE8 = 10_000_000_000,
        PriceE8 = 10_125_000_000,
        LeavesQtyE8 = 10_000_000_000,
        TransactTimeNs = Sample.NowNs,
        ExecType = type,
        OrdStatus = status,
        Side = Side.Buy,
        OrdType = OrdType.Limit,
        TimeInForce = TimeInForce.Day,
        OrdRejReason = ExecutionReportEvent.NoReason,
    };

    /// <summary>A record with the texts of its tail.</summary>
    public static byte[] Bytes<T>(T record, params string[] tail)
        where T : unmanaged
    {
        byte[] bytes = [.. MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in record)), .. new byte[tail.Length * Text40.SizeBytes]];
        for (int i = 0; i < tail.Length; i++)
        {
            MemoryMarshal.Write(bytes.AsSpan(Unsafe.SizeOf<T>() + (i * Text40.SizeBytes)), tail[i].Length == 0 ? default : Text40.From(tail[i]));
        }

        MemoryMarshal.AsRef<EventHeader>(bytes.AsSpan()).Length = bytes.Length;
        return bytes;
    }

    /// <summary>Encodes in a version; the message must be valid in it.</summary>
    public static string Encode(byte[] record, string version = "FIX.4.4")
    {
        string message = Encode(record, FixDictionaries.All.Single(dictionary => dictionary.Version == version), out FixFault fault);
        Assert.Equal(FixFault.None, fault);
        return message;
    }

    /// <summary>Encodes, and checks that the framer accepts the result and that nothing behind it is written.</summary>
    public static string Encode(byte[] record, FixDictionary dictionary, out FixFault fault)
    {
        byte[] target = new byte[EventEncoder.MessageLengthMax + 64];
        target.AsSpan(EventEncoder.MessageLengthMax).Fill(Guard);
        int length = new EventEncoder().Encode(record, Sample.Profile(dictionary: dictionary), Sample.Names(), target.AsSpan(0, EventEncoder.MessageLengthMax));
        Assert.All(target[EventEncoder.MessageLengthMax..], b => Assert.Equal(Guard, b));
        Assert.Equal(new FixFrame(FrameStatus.Message, length, 0, GarbledReason.None), FixFramer.Read(target.AsSpan(0, length)));
        fault = FixValidator.ValidateAsClient(new FixParser(dictionary).Parse(target.AsSpan(0, length)));
        return Encoding.Latin1.GetString(target, 0, length).Replace('\u0001', '|');
    }
}
