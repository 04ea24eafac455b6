using System.Reflection;
using BenchmarkDotNet.Running;
using Exchange.Benchmarks.Core;

if (args is ["book-streams", ..])
{
    return BookStreamCommand.Run(args.AsSpan(1));
}

BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
return 0;
