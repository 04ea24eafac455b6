using System.Globalization;
using Exchange.Log.History;

namespace Exchange.Log.Tests;

// A process that tests may kill at any moment. It says on standard output what it has done, each line only after the fact, so that
// the parent knows what must have survived. It ends by itself when its standard input is closed, that is, with its parent.
internal static class Program
{
    internal static int Main(string[] args)
    {
        switch (args)
        {
            case ["append", string directory]:
                Append(directory);
                return 0;
            case ["history", string directory]:
                AppendHistory(directory);
                return 0;
            case ["hold", string directory]:
                Hold(directory);
                return 0;
            default:
                Console.Error.WriteLine("usage: append|history|hold DIRECTORY");
                return 2;
        }
    }

    /// <summary>The payload of entry <paramref name="index"/>: its number, then as many bytes of it as its number says.</summary>
    internal static int Fill(Span<byte> target, long index)
    {
        int length = sizeof(long) + (int)((index * 7919) % 500);
        BitConverter.TryWriteBytes(target, index);
        target[sizeof(long)..length].Fill((byte)index);
        return length;
    }

    private static void Append(string directory)
    {
        using SegmentedLog log = SegmentedLogTests.Open(directory);
        using LogFlusher flusher = new(log, TimeSpan.FromMilliseconds(1));
        long index = 0;
        using (LogReader reader = log.OpenReader(log.StartPosition))
        {
            while (reader.TryRead(out _))
            {
                index++;
            }
        }

        byte[] payload = new byte[1024];
        bool stop = StopWithParent();
        while (!stop)
        {
            for (int i = 0; i < 100; i++)
            {
                int length = Fill(payload, index);
                log.Append(payload.AsSpan(0, length), 1, 1, index++);
            }

            flusher.Wake();
            Console.Out.WriteLine(index.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void AppendHistory(string directory)
    {
        using MessageHistory history = History.MessageHistoryTests.Open(directory);
        byte[] payload = new byte[1024];
        long seq = history.NextSeqNum(1);
        bool stop = StopWithParent();
        while (!stop)
        {
            for (int i = 0; i < 100; i++)
            {
                int length = Fill(payload, seq);
                history.Append(1, seq++, payload.AsSpan(0, length));
            }

            Console.Out.WriteLine((seq - 1).ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void Hold(string directory)
    {
        using SegmentedLog log = SegmentedLogTests.Open(directory);
        log.Append([1, 2, 3], 1, 1, 1);
        Console.Out.WriteLine("open");
        _ = Console.In.ReadToEnd();
    }

    // The parent's end closes the pipe; the process then ends at once, as if it had been killed.
    private static bool StopWithParent()
    {
        Thread watch = new(() =>
        {
            _ = Console.In.ReadToEnd();
            Environment.FailFast(null);
        })
        {
            IsBackground = true,
        };
        watch.Start();
        return false;
    }
}
