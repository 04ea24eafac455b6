using System.Net;
using Exchange.Fix.Framing;
using Exchange.Ipc.Agents;
using Exchange.Ipc.Driver;

namespace Exchange.Gateway.Tests.Scenarios;

/// <summary>The composed mode: driver, member and gateway on one thread, sockets polled, nothing allocated per message.</summary>
public class AllocationTests
{
    [Fact]
    public void The_polled_gateway_allocates_nothing_per_message_in_steady_state()
    {
        string directory = Directory.CreateTempSubdirectory("exchange-gateway-test-").FullName;
        try
        {
            using MediaDriver driver = MediaDriver.Create(new MediaDriverContext { AeronDirectory = Path.Combine(directory, "aeron"), IpcTermLength = 1024 * 1024 });
            FakeMember member = new(driver.AeronDirectory, 100, "HFT1") { Keeps = false };
            member.OnStart(driver.ConductorAgent);
            using GatewayAgent gateway = new(new GatewayOptions
            {
                AeronDirectory = driver.AeronDirectory,
                ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
                IoDriver = GatewayIoDriver.Polled,
            });
            ((IAgent)gateway).OnStart();
            Run(driver, member, gateway);
            member.OnClose();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void Run(MediaDriver driver, FakeMember member, GatewayAgent gateway)
    {
        long allocated = 0;
        Turn(() => !gateway.IsReady);
        using FixTestClient client = new(gateway.FixEndPoint);
        client.Send(FixText.Logon("HFT1"));
        byte[] answers = new byte[1 << 20];
        int length = 0;
        TakeAnswers(1);

        byte[] batch = [.. Enumerable.Range(0, 20).SelectMany(i => FixText.Order("HFT1", i + 2, $"order-{i}"))];
        for (int round = 0; round < 200; round++)
        {
            client.Send(batch);
            TakeAnswers(20);
        }

        // A collection that another test causes counts the unused rest of this thread's allocation block as allocated, so the quietest of
        // several runs counts: one byte per message would show in each of them.
        long quietest = long.MaxValue;
        for (int run = 0; run < 5; run++)
        {
            allocated = 0;
            for (int round = 0; round < 200; round++)
            {
                client.Send(batch);
                TakeAnswers(20);
            }

            quietest = Math.Min(quietest, allocated);
        }

        Assert.Equal(0, quietest);
        Assert.Equal(1200 * 20, member.OrdersSeen);

        void Turn(Func<bool> goOn)
        {
            DateTime deadline = DateTime.UtcNow.AddSeconds(30);
            while (goOn())
            {
                Assert.True(DateTime.UtcNow < deadline, "nothing happens");
                Turns();
            }
        }

        void Turns()
        {
            driver.ConductorAgent.DoWork();
            member.DoWork();
            long before = GC.GetAllocatedBytesForCurrentThread();
            gateway.DoWork();
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        void TakeAnswers(int count)
        {
            int taken = 0;
            Turn(() =>
            {
                if (client.Socket.Available > 0)
                {
                    length += client.Socket.Receive(answers.AsSpan(length));
                    for (FixFrame frame; length > 0 && (frame = FixFramer.Read(answers.AsSpan(0, length))).Status == FrameStatus.Message; taken++)
                    {
                        answers.AsSpan(frame.Consumed, length - frame.Consumed).CopyTo(answers);
                        length -= frame.Consumed;
                    }
                }

                return taken < count;
            });
        }
    }
}
