using System.Diagnostics;
using System.Net;
using Exchange.Ipc.Agents;
using Exchange.Ipc.Driver;

namespace Exchange.Gateway.Tests.Scenarios;

/// <summary>A gateway on its own thread, a fake member on another, a media driver between them, all in a directory of their own.</summary>
internal sealed class GatewayFixture : IDisposable
{
    private readonly string _directory;
    private readonly AgentRunner _gatewayRunner;
    private MediaDriver? _driver;
    private AgentRunner? _memberRunner;

    public GatewayFixture(GatewayIoDriver driver, Func<GatewayOptions, GatewayOptions>? configure = null, bool startMember = true, int iterations = 1000)
    {
        _directory = Directory.CreateTempSubdirectory("exchange-gateway-test-").FullName;
        Iterations = iterations;
        GatewayOptions options = new()
        {
            AeronDirectory = AeronDirectory,
            ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
            IoDriver = driver,
            OutboundLimitBytes = 1024 * 1024,
        };
        Gateway = new GatewayAgent(configure?.Invoke(options) ?? options, Log);
        _gatewayRunner = AgentRunner.Start(Gateway, new GatewayIdleStrategy(Gateway.Signal));
        if (startMember)
        {
            StartMember();
            WaitUntil(() => Gateway.IsReady, "the gateway did not get ready", 10);
        }
    }

    public GatewayAgent Gateway { get; }

    public CollectingLog Log { get; } = new();

    public FakeMember Member { get; private set; } = null!;

    private int Iterations { get; }

    private string AeronDirectory => Path.Combine(_directory, "aeron");

    public static void WaitUntil(Func<bool> condition, string otherwise, double timeoutSeconds = 30)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed.TotalSeconds < timeoutSeconds, otherwise);
            Thread.Sleep(1);
        }
    }

    public void StartMember()
    {
        _driver = MediaDriver.Launch(new MediaDriverContext { AeronDirectory = AeronDirectory, IpcTermLength = 1024 * 1024 });
        Member = new FakeMember(AeronDirectory, Iterations, "HFT1", "HFT2", "HFT3", "FREE1", "CERT1");
        _memberRunner = AgentRunner.Start(Member);
    }

    /// <summary>Ends member and driver, as when their process dies in order.</summary>
    public void StopMember()
    {
        _memberRunner?.Dispose();
        Assert.Null(_memberRunner?.Failure);
        _driver?.Dispose();
        _memberRunner = null;
        _driver = null;
    }

    public FixTestClient Connect(int? receiveBuffer = null) => new(Gateway.FixEndPoint, receiveBuffer);

    /// <summary>A client that has logged on.</summary>
    public FixTestClient LogOn(string who, int heartBtInt = 30, int? receiveBuffer = null)
    {
        FixTestClient client = Connect(receiveBuffer);
        client.Send(FixText.Logon(who, heartBtInt: heartBtInt));
        string? answer = client.Receive();
        Assert.NotNull(answer);
        Assert.Equal("A", FixText.Tag(answer, 35));
        return client;
    }

    public void Dispose()
    {
        _gatewayRunner.Dispose();
        Exception? failure = _gatewayRunner.Failure;
        StopMember();
        Directory.Delete(_directory, recursive: true);
        Assert.Null(failure);
    }
}
