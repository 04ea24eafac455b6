using System.Reflection;
using BenchmarkDotNet.Running;
using Exchange.Benchmarks.Cluster;
using Exchange.Benchmarks.Core;
using Exchange.Benchmarks.Ipc;

if (args is ["book-streams", ..])
{
    return BookStreamCommand.Run(args.AsSpan(1));
}

if (args is ["ipc-rtt", ..])
{
    return IpcRoundTripCommand.Run(args.AsSpan(1));
}

if (args is ["ipc-throughput", ..])
{
    return IpcThroughputCommand.Run(args.AsSpan(1));
}

if (args is ["peer-rtt", ..])
{
    return PeerRoundTripCommand.Run(args.AsSpan(1));
}

if (args is ["commit-rtt", ..])
{
    return CommitRoundTripCommand.Run(args.AsSpan(1));
}

if (args is ["order-entry", ..])
{
    return OrderEntryCommand.Run(args.AsSpan(1));
}

BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
return 0;
