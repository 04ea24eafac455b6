// The `exchange` executable: one verb per file in Commands/. Every mistake of the caller is one line on standard error that says
// what to do, with exit code 2; exit code 0 means that the verb did what it was asked.
using System.CommandLine;
using Exchange.Host;
using Exchange.Host.Commands;
using Exchange.Host.Commands.Ctl;
using Exchange.Ipc.Concurrent;

// Before anything is written, and inherited by every process started from here.
PrivateDirectory.KeepNewFilesPrivate();

RootCommand root = new("A low-latency FIX exchange that survives the loss of its primary host.")
{
    DemoCommand.Create(),
    LocalCommand.Create(),
    ClientCommand.Create(),
    LoadCommand.Create(),
    ConformanceCommand.Create(),
    VerifyCommand.Create(),
    ReplayCommand.Create(),
    CtlCommand.Create(),
    MemberCommand.Create(),
    MemberCommand.CreateWitness(),
    GatewayCommand.Create(),
};

ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    await Console.Error.WriteLineAsync($"exchange: {parsed.Errors[0].Message.ReplaceLineEndings(" ")} (try `exchange --help`)").ConfigureAwait(false);
    return ExitCode.BadInput;
}

try
{
    InvocationConfiguration configuration = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
    return await parsed.InvokeAsync(configuration).ConfigureAwait(false);
}
catch (HostException e)
{
    await Console.Error.WriteLineAsync($"exchange: {e.Message}").ConfigureAwait(false);
    return e.ExitCode;
}
