using System.Runtime.InteropServices;
using System.Text.Json;
using Exchange.Cluster.Ingress;
using Exchange.Protocol.Commands;

namespace Exchange.Cluster.Admin;

/// <summary>
/// What operators do to instruments, markets and limits. The operator's tool makes the commands and has checked what they say; here it is only
/// seen to that each is what it claims to be, and one that operators may send.
/// </summary>
internal static class OperatorRequests
{
    /// <summary>Appends the commands; returns the position behind the last.</summary>
    /// <exception cref="ArgumentException">One of them is no command of this kind; none is appended then.</exception>
    public static long Append(IngressSequencer sequencer, JsonElement request)
    {
        List<byte[]> commands = [];
        foreach (JsonElement record in request.GetProperty("records").EnumerateArray())
        {
            byte[] command = record.GetBytesFromBase64();
            if (!CommandValidation.IsWellFormed(command) || !IsOfOperator(MemoryMarshal.Read<CommandHeader>(command).Type))
            {
                throw new ArgumentException("a record is no command of this release; use the exchange ctl of the same release as the members");
            }

            MemoryMarshal.AsRef<CommandHeader>(command.AsSpan()).LeadershipTerm = sequencer.Term;
            commands.Add(command);
        }

        long position = 0;
        foreach (byte[] command in commands)
        {
            position = sequencer.Append(command);
        }

        return position != 0 ? position : throw new ArgumentException("there is no record");
    }

    private static bool IsOfOperator(CommandType type) =>
        type is CommandType.DefineInstrument or CommandType.DefineMarketGroup or (>= CommandType.SetPhase and <= CommandType.SetProtection);
}
