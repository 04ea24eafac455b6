using System.CommandLine;
using Exchange.Host.Configuration;
using Exchange.Host.Local;
using Exchange.Host.Processes;

namespace Exchange.Host.Commands;

/// <summary>`exchange gateway`: one FIX gateway attached to the member on this box.</summary>
internal static class GatewayCommand
{
    /// <summary>Builds the verb.</summary>
    public static Command Create()
    {
        Option<string> directory = new("--dir") { Description = "Directory of the member's state.", DefaultValueFactory = static _ => StateDirectory.Default };
        Option<int> port = new("--fix-port") { Description = "FIX port; 0 takes a free one.", DefaultValueFactory = static _ => 9880 };
        Option<string> address = new("--fix-address") { Description = "Address to listen on.", DefaultValueFactory = static _ => "127.0.0.1" };
        Option<int> member = new("--member") { Description = "Which member of the directory it serves.", DefaultValueFactory = static _ => 1 };
        Option<int> id = new("--id") { Description = "Gateway id, 1 to 64, unique per member.", DefaultValueFactory = static _ => 1 };
        Option<string> idle = new("--idle") { Description = "What an idle thread does: backoff, yield, or spin.", DefaultValueFactory = static _ => "backoff" };
        ProcessSwitches process = new();
        TlsSwitches tls = new();
        CliChecks.OneOf(idle, "backoff", "yield", "spin");
        CliChecks.InRange(port, 0, 65535);
        CliChecks.InRange(id, 1, 64);
        CliChecks.InRange(member, 1, 255);
        Command command = new("gateway", "Run one FIX gateway. `exchange local` does this for you.")
        {
            directory, member, port, address, id, idle, process.Cpu, process.Log, process.Supervised, process.NoRehearsal,
        };
        foreach (Option option in tls.All)
        {
            command.Add(option);
        }

        command.SetAction(parsed =>
        {
            GatewayProcess.Settings settings = new()
            {
                Directory = Path.GetFullPath(parsed.GetValue(directory)!),
                MemberId = parsed.GetValue(member),
                GatewayId = parsed.GetValue(id),
                Address = parsed.GetValue(address)!,
                FixPort = parsed.GetValue(port),
                Idle = parsed.GetValue(idle)!,
                Cpu = parsed.GetValue(process.Cpu),
                LogFile = parsed.GetValue(process.Log),
                Rehearses = !parsed.GetValue(process.NoRehearsal),
                Tls = tls.Read(parsed, needsCertificate: true),
            };
            using StopSignal stop = new(parsed.GetValue(process.Supervised));
            return GatewayProcess.Run(settings, stop.Token);
        });
        return command;
    }
}
