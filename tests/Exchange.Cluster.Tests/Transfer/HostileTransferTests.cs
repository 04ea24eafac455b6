using System.Runtime.InteropServices;
using Exchange.Cluster.Transfer;
using Exchange.Log.History;

namespace Exchange.Cluster.Tests.Transfer;

// Whoever holds the cluster's key may still be broken. Whatever comes in, a member neither fails nor writes where it should not.
public sealed class HostileTransferTests
{
    [Fact]
    public void Any_bytes_leave_the_receiver_alive_and_other_files_untouched()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        using TransferPair pair = new(keepsForOthers: true, change: static options => new SnapshotReceiverOptions
        {
            MemberDirectory = options.MemberDirectory,
            LogId = options.LogId,
            KeepsForOthers = true,
            FileBytesMax = 1 << 20,
            RoomLeftBytes = 0,
            FinishInline = true,
        });
        string bystander = Path.Combine(pair.ReceiverDirectory, "log");
        File.WriteAllText(bystander, "untouched");
        for (int i = 0; i < 20_000; i++)
        {
            byte[] message = Message(random, pair.LogId);
            pair.Receiver.OnMessage(random.Next(3), message);
            pair.Receiver.DoWork();
            pair.Sender.OnMessage(random.Next(3), message, i);
            while (pair.ToSender.TryTake(out _))
            {
            }
        }

        Assert.True(pair.Receiver.MalformedMessages > 0, $"seed {seed}");
        Assert.False(pair.Receiver.IsComplete, $"seed {seed}");
        Assert.Equal(-1, pair.Receiver.KeptPosition);
        Assert.Equal("untouched", File.ReadAllText(bystander));
        Assert.All(Directory.GetFileSystemEntries(pair.ReceiverDirectory), path => Assert.Contains(Path.GetFileName(path), (string[])["log", "incoming", "snapshots"]));
        Assert.Empty(Directory.GetFiles(MemberDirectories.Snapshots(pair.ReceiverDirectory)));

        // It still takes a sound one.
        pair.MakeSnapshot(64_000, 500_000, 1);
        Assert.True(pair.Begin());
        pair.Run();
        Assert.True(pair.Receiver.IsComplete, $"seed {seed}: {string.Join("; ", pair.Said)}");
    }

    [Fact]
    public void A_transfer_whose_bytes_were_changed_on_the_way_never_counts()
    {
        int seed = Environment.TickCount;
        for (int round = 0; round < 40; round++)
        {
            Random random = new(seed + round);
            using TransferPair pair = new();
            pair.MakeSnapshot(320, 200_000, 1);
            pair.AppendHistory(0, 600);
            Assert.True(pair.Begin());
            int spoil = random.Next(4, 9);
            bool spoiled = false;
            for (int turn = 0; turn < 200 && pair.Sender.IsSending(TransferPair.ReceiverId); turn++)
            {
                pair.NowNs += 1_000_000;
                pair.Sender.DoWork(pair.NowNs);
                while (pair.ToReceiver.TryTake(out byte[] message))
                {
                    if (turn >= spoil && !spoiled && message.Length > 1000)
                    {
                        message[random.Next(TransferChunk.SizeBytes, message.Length)] ^= (byte)(1 << random.Next(8));
                        spoiled = true;
                    }

                    pair.Receiver.OnMessage(TransferPair.SenderId, message);
                }

                pair.Receiver.DoWork();
                while (pair.ToSender.TryTake(out byte[] answer))
                {
                    pair.Sender.OnMessage(TransferPair.ReceiverId, answer, pair.NowNs);
                }
            }

            Assert.True(spoiled != pair.Receiver.IsComplete, $"seed {seed + round}, spoiled {spoiled}: {string.Join("; ", pair.Said)}");
        }
    }

    [Fact]
    public void A_history_that_cannot_be_is_refused()
    {
        using TransferPair pair = new();
        MessageHistory history = pair.History!;
        Assert.False(new HistoryImport(history).TryAppend([5, 0, 0, 0, 1]));
        Assert.False(new HistoryImport(history).TryAppend([.. Session(-7, 1, 1), 0]));
        Assert.False(new HistoryImport(history).TryAppend(Session(int.MaxValue, 1, 1)));
        Assert.False(new HistoryImport(history).TryAppend(Session(1, 0, 1)));
        Assert.False(new HistoryImport(history).TryAppend(Session(1, 1, 0)));
        Assert.False(new HistoryImport(history).TryAppend(Session(1, 1, long.MaxValue)));
        Assert.False(new HistoryImport(history).TryAppend([.. Session(1, 1, 1), 1, 0, 16, 0, 0]));
        HistoryImport cut = new(history);
        Assert.True(cut.TryAppend([.. Session(1, 1, 1), 3, 0, 0, 0, 1]));
        Assert.False(cut.IsWhole);
        Assert.True(cut.TryAppend([2, 3]));
        Assert.True(cut.IsWhole);
        Assert.True(history.TryRead(1, 1, out ReadOnlySpan<byte> record) && record.SequenceEqual((ReadOnlySpan<byte>)[1, 2, 3]));
    }

    [Fact]
    public void The_layouts_of_the_messages_are_what_their_drawings_say()
    {
        Assert.Equal(TransferHeader.SizeBytes, Marshal.SizeOf<TransferHeader>());
        Assert.Equal(TransferOffer.SizeBytes, Marshal.SizeOf<TransferOffer>());
        Assert.Equal(TransferChunk.SizeBytes, Marshal.SizeOf<TransferChunk>());
        Assert.Equal(TransferEnd.SizeBytes, Marshal.SizeOf<TransferEnd>());
        Assert.Equal(TransferAnswer.SizeBytes, Marshal.SizeOf<TransferAnswer>());
    }

    private static byte[] Session(int id, long epoch, long first) =>
        [.. BitConverter.GetBytes(-1), .. BitConverter.GetBytes(id), .. BitConverter.GetBytes(epoch), .. BitConverter.GetBytes(first)];

    // Mostly near to what is valid, because what is far from it is easily refused.
    private static byte[] Message(Random random, Guid logId)
    {
        byte[] message = new byte[random.Next(4) == 0 ? random.Next(200) : TransferOffer.SizeBytes];
        random.NextBytes(message);
        if (message.Length < sizeof(ushort))
        {
            return message;
        }

        TransferHeader header = new()
        {
            Type = (TransferMessageType)random.Next(32, 38),
            Attempt = (uint)random.Next(3),
            TransferId = (ulong)random.Next(3),
        };
        if (message.Length < TransferHeader.SizeBytes)
        {
            return message;
        }

        MemoryMarshal.Write(message, in header);
        switch (header.Type)
        {
            case TransferMessageType.Offer when message.Length == TransferOffer.SizeBytes:
                TransferOffer offer = new()
                {
                    Header = header,
                    LogId = random.Next(20) == 0 ? Guid.NewGuid() : logId,
                    Position = random.Next(5) == 0 ? random.NextInt64(long.MinValue, long.MaxValue) : 32 * random.Next(1000),
                    FileBytes = random.Next(5) == 0 ? random.NextInt64(long.MinValue, long.MaxValue) : random.Next(300),
                    Purpose = (TransferPurpose)random.Next(4),
                    HasHistory = (byte)random.Next(3),
                };
                MemoryMarshal.Write(message, in offer);
                break;
            case TransferMessageType.Chunk when message.Length > TransferChunk.SizeBytes:
                TransferChunk chunk = new() { Header = header, Offset = random.Next(5) == 0 ? random.NextInt64() : random.Next(300) };
                MemoryMarshal.Write(message, in chunk);
                break;
            default:
                break;
        }

        return random.Next(2) == 0 ? message : message[..Math.Min(message.Length, random.Next(100))];
    }
}
