using Exchange.Cluster.Transfer;
using Exchange.Log.History;
using Exchange.Log.Snapshots;
using Exchange.Protocol.StateMachine;

namespace Exchange.Cluster.Tests.Transfer;

/// <summary>A sender and a receiver with a wire between them, each with a directory of its own, under a clock that the test moves.</summary>
internal sealed class TransferPair : IDisposable
{
    public const int SenderId = 1;
    public const int ReceiverId = 2;
    private readonly string _root = Directory.CreateTempSubdirectory("exchange-transfer-").FullName;
    private readonly LinkedTransport _toReceiver = new();
    private readonly LinkedTransport _toSender = new();
    private readonly List<string> _said = [];

    public TransferPair(bool keepsForOthers = false, bool withHistory = true, Func<SnapshotReceiverOptions, SnapshotReceiverOptions>? change = null)
    {
        Directory.CreateDirectory(ReceiverDirectory);
        Store = new SnapshotStore(MemberDirectories.Snapshots(SenderDirectory), LogId, _said.Add);
        History = withHistory ? OpenHistory(SenderDirectory) : null;
        Sender = new SnapshotSender(_toReceiver, Store, History, _said.Add);
        Options = new SnapshotReceiverOptions
        {
            MemberDirectory = ReceiverDirectory,
            LogId = LogId,
            KeepsForOthers = keepsForOthers,
            HistoryMessagesPerSession = 100_000,
            RoomLeftBytes = 0,
            FinishInline = true,
            Log = _said.Add,
        };
        Options = change?.Invoke(Options) ?? Options;
        Receiver = new SnapshotReceiver(Options, _toSender);
    }

    public Guid LogId { get; } = Guid.NewGuid();

    public string SenderDirectory => Path.Combine(_root, "member-1");

    public string ReceiverDirectory => Path.Combine(_root, "member-2");

    public SnapshotStore Store { get; }

    public MessageHistory? History { get; }

    public SnapshotSender Sender { get; }

    public SnapshotReceiverOptions Options { get; }

    public SnapshotReceiver Receiver { get; private set; }

    public IReadOnlyList<string> Said => _said;

    public LinkedTransport ToReceiver => _toReceiver;

    public LinkedTransport ToSender => _toSender;

    public long NowNs { get; set; } = 1;

    public static byte[] Record(int session, long epoch, long seq)
    {
        byte[] record = new byte[8 + (int)((seq * 37) % 300)];
        record.AsSpan().Fill((byte)((session * 31) + (epoch * 7) + seq));
        BitConverter.TryWriteBytes(record, seq);
        return record;
    }

    /// <summary>Copies a directory with everything in it but locks, as a crash would leave it.</summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string directory in Directory.GetDirectories(from))
        {
            Copy(directory, Path.Combine(to, Path.GetFileName(directory)));
        }

        foreach (string file in Directory.GetFiles(from).Where(static file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    /// <summary>Makes a snapshot with random content.</summary>
    public SnapshotInfo MakeSnapshot(long position, int bytes, int seed)
    {
        byte[] content = new byte[bytes];
        new Random(seed).NextBytes(content);
        using SnapshotFileWriter file = Store.Create(position, 3, position * 10);
        SnapshotWriter writer = new(file);
        writer.WriteBytes(content);
        return file.Complete(writer.Complete());
    }

    public void AppendHistory(int session, int count)
    {
        for (int i = 0; i < count; i++)
        {
            History!.Append(session, History.NextSeqNum(session), Record(session, History.Epoch(session), History.NextSeqNum(session)));
        }
    }

    public bool Begin(TransferPurpose purpose = TransferPurpose.Install) => Sender.Begin(ReceiverId, purpose, NowNs, out _);

    /// <summary>One turn of both members.</summary>
    public void Turn(int messages = 4)
    {
        NowNs += 1_000_000;
        Sender.DoWork(NowNs);
        for (int i = 0; i < messages && _toReceiver.TryTake(out byte[] message); i++)
        {
            Assert.True(Receiver.OnMessage(SenderId, message));
        }

        Receiver.DoWork();
        for (int i = 0; i < messages && _toSender.TryTake(out byte[] message); i++)
        {
            Assert.True(Sender.OnMessage(ReceiverId, message, NowNs));
        }
    }

    /// <summary>Turns until the sender has nothing to send any more.</summary>
    public void Run(int turnsMax = 100_000)
    {
        for (int turn = 0; Sender.IsSending(ReceiverId); turn++)
        {
            Assert.True(turn < turnsMax, "the transfer does not end");
            Turn();
        }
    }

    /// <summary>The receiver's process dies and starts again, on the directory as it is.</summary>
    public void RestartReceiver()
    {
        Receiver.Dispose();
        Receiver = new SnapshotReceiver(Options, _toSender);
    }

    public MessageHistory OpenHistory(string memberDirectory) =>
        MessageHistory.Open(new HistoryOptions { Directory = MemberDirectories.History(memberDirectory), LogId = LogId, MessagesPerSession = 100_000, FirstSegmentBytes = 64 << 10, SegmentBytesMax = 1 << 20 });

    public void Dispose()
    {
        Sender.Dispose();
        Receiver.Dispose();
        History?.Dispose();
        _toReceiver.Dispose();
        _toSender.Dispose();
        Directory.Delete(_root, recursive: true);
    }
}
