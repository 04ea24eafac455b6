using System.Runtime.CompilerServices;
using Exchange.Cluster.Consensus.Messages;
using Exchange.Log;
using Exchange.Log.Segments;

namespace Exchange.Cluster.Tests.Consensus.Messages;

public sealed class ConsensusMessageTests
{
    [Fact]
    public void Sizes_and_numbers_are_those_of_releases_before()
    {
        Assert.Equal(32, Unsafe.SizeOf<VoteRequest>());
        Assert.Equal(16, Unsafe.SizeOf<VoteReply>());
        Assert.Equal(64, Unsafe.SizeOf<AppendHeader>());
        Assert.Equal(32, Unsafe.SizeOf<EntryHeader>());
        Assert.Equal(88, Unsafe.SizeOf<AppendReply>());
        Assert.Equal(16, Unsafe.SizeOf<StandNow>());
        Assert.Equal(24, Unsafe.SizeOf<RecoveryConfirmed>());
        Assert.Equal([1, 2, 3, 4, 5, 6], (ushort[])
        [
            ConsensusMessageType.VoteRequest, ConsensusMessageType.VoteReply, ConsensusMessageType.Append,
            ConsensusMessageType.AppendReply, ConsensusMessageType.StandNow, ConsensusMessageType.RecoveryConfirmed,
        ]);
    }

    [Fact]
    public void An_entry_takes_as_much_log_as_its_header_says()
    {
        string directory = Directory.CreateTempSubdirectory("exchange-raft-").FullName;
        using (SegmentedLog log = SegmentedLog.Open(new LogOptions { Directory = directory, SegmentBytes = LogOptions.SegmentBytesMin, ZeroFill = false }))
        {
            for (int length = 0; length < 300; length++)
            {
                long before = log.AppendPosition;
                long taken = log.Append(new byte[length], 1, 1, 1) - before;
                Assert.Equal(EntryDescriptor.Framed(EntryDescriptor.HeaderBytes + length), taken);
                Assert.True(EntryHeader.Framed(length) <= taken);
            }
        }

        Directory.Delete(directory, recursive: true);
    }
}
