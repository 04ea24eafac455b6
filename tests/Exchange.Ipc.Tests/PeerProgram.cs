// The other process of the two-process tests. It prints one line when it is ready and then does its part until it is killed or told to end
// by the end of its standard input, so that no orphan survives a test run.
using Exchange.Ipc.Agents;
using Exchange.Ipc.Client;
using Exchange.Ipc.Driver;
using Exchange.Ipc.LogBuffers;

namespace Exchange.Ipc.Tests;

internal static class PeerProgram
{
    internal const string Channel = "aeron:ipc";
    internal const int RequestStream = 10;
    internal const int ReplyStream = 1001;

    internal static int Main(string[] args)
    {
        if (args.Length != 2)
        {
            Console.Error.WriteLine("usage: driver|echo|claim DIRECTORY");
            return 2;
        }

        Thread parent = new(EndWithParent) { IsBackground = true };
        parent.Start();
        return args[0] switch
        {
            "driver" => RunDriver(args[1], parent),
            "echo" => RunEcho(args[1]),
            "claim" => RunClaim(args[1]),
            _ => 2,
        };
    }

    private static void EndWithParent()
    {
        while (Console.In.Read() >= 0)
        {
        }

        Environment.Exit(0);
    }

    private static int RunDriver(string directory, Thread parent)
    {
        using MediaDriver driver = MediaDriver.Launch(TestDriver.NewContext(directory));
        Console.WriteLine("ready");
        parent.Join();
        return 0;
    }

    private static int RunEcho(string directory)
    {
        using Aeron client = Aeron.Connect(new AeronContext { AeronDirectory = directory });
        Subscription requests = client.AddSubscription(Channel, RequestStream);
        ExclusivePublication replies = client.AddExclusivePublication(Channel, ReplyStream);
        Console.WriteLine("ready");
        EchoHandler handler = new(replies);
        BackoffIdleStrategy idle = new();
        while (client.IsDriverAlive)
        {
            idle.Idle(client.DoWork() + requests.Poll(ref handler, 10));
        }

        return 0;
    }

    /// <summary>Publishes one message, claims a second and never commits it.</summary>
    private static int RunClaim(string directory)
    {
        using Aeron client = Aeron.Connect(new AeronContext { AeronDirectory = directory });
        ExclusivePublication publication = client.AddExclusivePublication(Channel, RequestStream);
        while (publication.Offer([1, 2, 3]) < 0)
        {
            _ = client.DoWork();
        }

        if (publication.TryClaim(100, out _) < 0)
        {
            return 1;
        }

        Console.WriteLine("ready");
        while (client.IsDriverAlive)
        {
            _ = client.DoWork();
            Thread.Sleep(1);
        }

        return 0;
    }

    private readonly struct EchoHandler(ExclusivePublication publication) : IFragmentHandler
    {
        public void OnFragment(ReadOnlySpan<byte> fragment, in FragmentHeader header)
        {
            while (publication.Offer(fragment) is ExclusivePublication.BackPressured or ExclusivePublication.AdminAction or ExclusivePublication.NotConnected)
            {
                _ = Thread.Yield();
            }
        }
    }
}
