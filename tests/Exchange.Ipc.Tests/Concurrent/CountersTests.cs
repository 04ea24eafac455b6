using System.Runtime.InteropServices;
using Exchange.Ipc.Concurrent;

namespace Exchange.Ipc.Tests.Concurrent;

public sealed unsafe class CountersTests : IDisposable
{
    private const int Count = 4;
    private readonly byte* _memory = (byte*)NativeMemory.AllocZeroed(Count * 640);
    private readonly CounterTable _table;

    public CountersTests()
    {
        _table = new CounterTable(_memory + (Count * 128), Count * 512, _memory, Count * 128);
    }

    public void Dispose() => NativeMemory.Free(_memory);

    [Fact]
    public void A_counter_can_be_found_by_type_and_key_and_read()
    {
        int id = _table.Allocate(9, 77, "label", registrationId: 5, ownerId: 6, nowMs: 0);
        *_table.Address(id) = 123;
        CountersReader reader = new(_memory + (Count * 128), Count * 512, _memory, Count * 128);
        Assert.Equal(id, reader.FindByTypeAndKeyId(9, 77));
        Assert.Equal(-1, reader.FindByTypeAndKeyId(9, 78));
        Assert.Equal(-1, reader.FindByTypeAndKeyId(8, 77));
        Assert.Equal((123, 5, 6, "label"), (reader.GetValue(id), reader.GetRegistrationId(id), reader.GetOwnerId(id), reader.GetLabel(id)));
        reader.AppendToLabel(id, new string('x', 500));
        Assert.Equal(380, reader.GetLabel(id).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.GetValue(Count));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.GetValue(-1));
    }

    [Fact]
    public void A_freed_id_rests_before_it_is_given_out_again_and_then_starts_at_zero()
    {
        int[] ids = [.. Enumerable.Range(0, Count).Select(i => _table.Allocate(1, i, "a", i, 0, 0))];
        Assert.Equal([0, 1, 2, 3], ids);
        Assert.Equal(-1, _table.Allocate(1, 9, "a", 9, 0, 0));
        *_table.Address(2) = 55;
        _table.Free(2, nowMs: 100);
        _table.Free(2, nowMs: 100);
        Assert.Equal(CountersDescriptor.RecordReclaimed, _table.GetState(2));
        Assert.Equal(-1, _table.Allocate(1, 9, "b", 9, 0, nowMs: 100 + CounterTable.ReuseDelayMs - 1));
        Assert.Equal(2, _table.Allocate(1, 9, "b", 9, 0, nowMs: 100 + CounterTable.ReuseDelayMs));
        Assert.Equal(0, _table.GetValue(2));
        Assert.Equal("b", _table.GetLabel(2));
        Assert.Equal(-1, _table.Allocate(1, 9, "c", 9, 0, nowMs: long.MaxValue));
    }

    [Fact]
    public void Equal_errors_share_a_record_and_a_full_log_refuses_new_ones()
    {
        byte* buffer = (byte*)NativeMemory.AllocZeroed(128);
        try
        {
            DistinctErrorLog log = new(buffer, 128);
            Assert.True(log.Record("first", 10));
            Assert.True(log.Record("second", 20));
            Assert.True(log.Record("first", 30));
            Assert.False(log.Record(new string('x', 100), 40));
            Assert.Equal([("first", 2, 10L, 30L), ("second", 1, 20L, 20L)], DistinctErrorLog.Read(buffer, 128));
        }
        finally
        {
            NativeMemory.Free(buffer);
        }
    }
}
