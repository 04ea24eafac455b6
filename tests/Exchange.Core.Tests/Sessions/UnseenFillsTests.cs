using System.Runtime.InteropServices;
using Exchange.Core.Sessions;
using Exchange.Protocol;
using Exchange.Protocol.Events;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Tests.Sessions;

/// <summary>The ring of fills without proof of receipt.</summary>
public sealed class UnseenFillsTests
{
    [Fact]
    public void Proof_of_receipt_removes_a_prefix()
    {
        using UnseenFills fills = Filled(numbers: [3, 5, 9]);
        fills.ForgetBelow(3);
        Assert.Equal(3, fills.Count);
        fills.ForgetBelow(6);
        Assert.Equal(1, fills.Count);
        Assert.Equal(9, fills[0].Header.MsgSeqNum);
        fills.ForgetBelow(long.MaxValue);
        Assert.Equal(0, fills.Count);
    }

    [Fact]
    public void The_end_of_the_day_removes_what_was_sent_before_it()
    {
        using UnseenFills fills = Filled(numbers: [3, 5, 9]);
        fills.ForgetOlderThan(5_000);
        Assert.Equal([5L, 9L], Numbers(fills));
    }

    [Fact]
    public void A_full_ring_drops_the_oldest_and_counts_them()
    {
        using UnseenFills fills = new();
        for (int i = 1; i <= UnseenFills.CountMax + 10; i++)
        {
            Add(fills, i, tailBytes: 0);
        }

        Assert.Equal(UnseenFills.CountMax, fills.Count);
        Assert.Equal(10, fills.DroppedCount);
        Assert.Equal(11, fills[0].Header.MsgSeqNum);
        Assert.Equal(UnseenFills.CountMax + 10, fills[UnseenFills.CountMax - 1].Header.MsgSeqNum);
    }

    [Fact]
    public void Texts_behind_the_report_are_kept_and_restored()
    {
        using UnseenFills fills = new();
        Add(fills, 1, tailBytes: 80);
        Add(fills, 2, tailBytes: 0);
        Add(fills, 3, tailBytes: 40);
        using UnseenFills restored = Restored(fills);
        for (int i = 0; i < 3; i++)
        {
            Assert.True(fills.Bytes(i).SequenceEqual(restored.Bytes(i)));
        }

        Assert.Equal(ExecutionReportEvent.SizeBytes + 80, restored.Bytes(0).Length);
        Assert.Equal(80, restored.Bytes(0)[^1]);
    }

    [Fact]
    public void Equal_contents_give_equal_snapshots_wherever_they_lie_in_the_ring()
    {
        using UnseenFills fresh = Filled(numbers: [70_001, 70_002]);
        using UnseenFills wrapped = new();
        for (int i = 1; i <= 70_002; i++)
        {
            Add(wrapped, i, tailBytes: i % 3 == 0 ? 40 : 0, orderId: 0);
            wrapped.ForgetBelow(i - 50);
        }

        wrapped.ForgetBelow(70_001);
        wrapped[0].Header.Length = ExecutionReportEvent.SizeBytes;
        wrapped[1].Header.Length = ExecutionReportEvent.SizeBytes;
        Assert.Equal(Hash(fresh), Hash(wrapped));
    }

    [Fact]
    public void A_damaged_snapshot_of_the_ring_is_refused()
    {
        using UnseenFills fills = Filled(numbers: [1, 2]);
        byte[] bytes = Bytes(fills);
        using UnseenFills restored = new();

        // The first record's length stands behind the two counts and type and flags.
        MemoryMarshal.Write(bytes.AsSpan(20), 100_000);
        Assert.Throws<InvalidDataException>(() => restored.Load(new SnapshotReader(new MemoryStream(bytes))));
    }

    [Fact]
    public void Numbers_that_do_not_rise_break_an_invariant()
    {
        using UnseenFills fills = Filled(numbers: [5]);
        Assert.Throws<InvariantException>(() => Add(fills, 5, tailBytes: 0));
        Assert.Throws<InvariantException>(() => fills[1].Header.MsgSeqNum);
        Assert.Throws<InvariantException>(() => fills[-1].Header.MsgSeqNum);
    }

    private static UnseenFills Filled(long[] numbers)
    {
        UnseenFills fills = new();
        foreach (long number in numbers)
        {
            Add(fills, number, tailBytes: 0);
        }

        return fills;
    }

    private static void Add(UnseenFills fills, long number, int tailBytes, long orderId = 0)
    {
        Span<byte> bytes = stackalloc byte[ExecutionReportEvent.SizeMaxBytes];
        bytes.Clear();
        ref ExecutionReportEvent report = ref MemoryMarshal.AsRef<ExecutionReportEvent>(bytes);
        report.Header.Type = EventType.ExecutionReport;
        report.Header.Length = ExecutionReportEvent.SizeBytes + tailBytes;
        report.Header.MsgSeqNum = number;
        report.Header.SendingTimeNs = number * 1_000;
        report.OrderId = orderId;
        bytes.Slice(ExecutionReportEvent.SizeBytes, tailBytes).Fill((byte)tailBytes);
        fills.Add(in report);
    }

    private static List<long> Numbers(UnseenFills fills)
    {
        List<long> numbers = [];
        for (int i = 0; i < fills.Count; i++)
        {
            numbers.Add(fills[i].Header.MsgSeqNum);
        }

        return numbers;
    }

    private static byte[] Bytes(UnseenFills fills)
    {
        using MemoryStream stream = new();
        SnapshotWriter writer = new(stream);
        fills.Save(writer);
        writer.Complete();
        return stream.ToArray();
    }

    private static ulong Hash(UnseenFills fills) => SnapshotHash.Add(SnapshotHash.Seed, Bytes(fills));

    private static UnseenFills Restored(UnseenFills fills)
    {
        UnseenFills restored = new();
        restored.Load(new SnapshotReader(new MemoryStream(Bytes(fills))));
        return restored;
    }
}
