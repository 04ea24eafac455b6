using System.Text;
using Exchange.Log.Platform;
using Exchange.Log.Segments;

namespace Exchange.Log.Tests.Segments;

// The files are read by later releases, so their layout is a contract.
public sealed class LayoutTests
{
    [Fact]
    public void A_segment_file_is_laid_out_as_drawn()
    {
        using TempDirectory directory = new();
        Guid id;
        using (SegmentedLog log = SegmentedLogTests.Open(directory))
        {
            id = log.LogId;
            log.Append(Encoding.ASCII.GetBytes("hello"), 0x1234, 77, 1_000_000_007);
        }

        byte[] bytes = File.ReadAllBytes(directory["00000000000000000000.seg"]);
        Assert.Equal(LogOptions.SegmentBytesMin, bytes.Length);
        Assert.Equal("EXCHLOG\0", Encoding.ASCII.GetString(bytes, 0, 8));
        Assert.Equal(1, BitConverter.ToInt32(bytes, 8));
        Assert.Equal(4096, BitConverter.ToInt32(bytes, 12));
        Assert.Equal(0, BitConverter.ToInt64(bytes, 16));
        Assert.Equal(bytes.Length - 4096, BitConverter.ToInt64(bytes, 24));
        Assert.Equal(id, new Guid(bytes.AsSpan(32, 16)));
        Assert.Equal(Crc32C.Of(bytes.AsSpan(0, 60)), BitConverter.ToUInt32(bytes, 60));
        Assert.Equal(64, Math.Max(BitConverter.ToInt64(bytes, 512), BitConverter.ToInt64(bytes, 1024)));

        ReadOnlySpan<byte> entry = bytes.AsSpan(4096, 64);
        Assert.Equal(37, BitConverter.ToInt32(entry));
        Assert.Equal(0x1234, BitConverter.ToUInt16(entry[8..]));
        Assert.Equal(0, BitConverter.ToUInt16(entry[10..]));
        Assert.Equal(0U, BitConverter.ToUInt32(entry[12..]));
        Assert.Equal(77, BitConverter.ToInt64(entry[16..]));
        Assert.Equal(1_000_000_007, BitConverter.ToInt64(entry[24..]));
        Assert.Equal("hello", Encoding.ASCII.GetString(entry[32..37]));
        Assert.Equal(-1, entry[37..].IndexOfAnyExcept((byte)0));
        byte[] covered = [.. id.ToByteArray(), .. new byte[8], .. BitConverter.GetBytes(37L), .. entry[8..37]];
        Assert.Equal(Crc32C.Of(covered), BitConverter.ToUInt32(entry[4..]));
        Assert.Equal(-1, bytes.AsSpan(4096 + 64).IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public unsafe void An_entry_at_another_place_or_of_another_log_does_not_check()
    {
        byte* entry = stackalloc byte[64];
        uint seed = EntryDescriptor.CrcSeed(Guid.NewGuid());
        EntryDescriptor.Seal(entry, 4096, 50, 1, 2, 3, 1024, seed);
        Assert.Equal(EntryState.Valid, EntryDescriptor.Check(entry, 4096, 64, seed));
        Assert.Equal(1024, EntryDescriptor.DurableBefore(entry, 4096));
        Assert.Equal(EntryState.Invalid, EntryDescriptor.Check(entry, 4128, 64, seed));
        Assert.Equal(EntryState.Invalid, EntryDescriptor.Check(entry, 4096, 49, seed));
        Assert.Equal(EntryState.Invalid, EntryDescriptor.Check(entry, 4096, 64, EntryDescriptor.CrcSeed(Guid.NewGuid())));
        for (int bit = 0; bit < 50 * 8; bit++)
        {
            entry[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(EntryState.Valid, EntryDescriptor.Check(entry, 4096, 64, seed));
            entry[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }
}
