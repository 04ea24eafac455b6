// Measures the exchange over real sockets, beside a bare TCP echo in the same run, so that a ratio means something on a shared machine.
// See perf/README.md for the commands behind each figure.
using System.CommandLine;
using Exchange.Host;
using Exchange.LatencyHarness;

RootCommand root = new("Latency and throughput of the exchange over loopback TCP.")
{
    LatencyCommand.Create(),
    ThroughputCommand.Create(),
    FailoverCommand.Create(),
    GenerateCommand.Create(),
    CodecCommand.Create(),
    EchoServer.CreateCommand(),
};

ParseResult parsed = root.Parse(args);
try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }).ConfigureAwait(false);
}
catch (HostException e)
{
    await Console.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
    return e.ExitCode;
}
