using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Exchange.Ipc.Client;
using Exchange.Ipc.LogBuffers;

namespace Exchange.Benchmarks.Ipc;

/// <summary>
/// One message: claim, fill, commit and poll on one thread (the instructions alone), and a round trip to a second, spinning thread.
/// </summary>
[MemoryDiagnoser]
public class IpcBenchmarks
{
    private const int Batch = 64;
    private IpcPair _pair = null!;
    private Thread _echo = null!;
    private bool _isDone;
    private CountingHandler _handler;

    /// <summary>Payload bytes.</summary>
    [Params(32, 128)]
    public int Length { get; set; }

    /// <summary>Driver and client for the benchmarks of one thread.</summary>
    [GlobalSetup(Target = nameof(ClaimAndPoll))]
    public void SetupPair() => _pair = new IpcPair();

    /// <summary>The same with an echoing thread.</summary>
    [GlobalSetup(Target = nameof(RoundTrip))]
    public void SetupEcho()
    {
        _pair = new IpcPair();
        _isDone = false;
        _echo = new Thread(() =>
        {
            EchoHandler handler = new(_pair.Pong);
            while (!Volatile.Read(ref _isDone)) // partner: Cleanup
            {
                _ = _pair.PingSubscription.Poll(ref handler, 16);
            }
        })
        { IsBackground = true };
        _echo.Start();
    }

    /// <summary>Ends the threads.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        Volatile.Write(ref _isDone, true); // partner: the echo's read
        _echo?.Join();
        _pair.Dispose();
    }

    /// <summary>64 messages published, then polled.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public long ClaimAndPoll()
    {
        for (int i = 0; i < Batch; i++)
        {
            Send(_pair.Ping, i);
        }

        int received = 0;
        while (received < Batch)
        {
            received += _pair.PingSubscription.Poll(ref _handler, Batch);
        }

        return _handler.Sum;
    }

    /// <summary>One message there and back.</summary>
    [Benchmark]
    public long RoundTrip()
    {
        Send(_pair.Ping, 1);
        while (_pair.PongSubscription.Poll(ref _handler, 1) == 0)
        {
        }

        return _handler.Sum;
    }

    private void Send(ExclusivePublication publication, long value)
    {
        BufferClaim claim;
        while (publication.TryClaim(Length, out claim) < 0)
        {
            _pair.DoWork();
        }

        MemoryMarshal.Write(claim.Buffer, in value);
        claim.Commit();
    }
}
