using System.Runtime.InteropServices;
using System.Text.Json;
using Exchange.Cluster.Ingress;
using Exchange.Protocol.Commands;

namespace Exchange.Cluster.Admin;

/// <summary>
/// Participants that operators define, and passwords that they set. The operator's tool makes the commands, since it alone knows a
/// password in clear; here it is only seen to that each is what it claims to be.
/// </summary>
internal static class ParticipantRequests
{
    /// <summary>Appends the commands; returns the position behind the last.</summary>
    /// <exception cref="ArgumentException">One of them is no command of this kind; none is appended then.</exception>
    public static long Append(IngressSequencer sequencer, JsonElement request)
    {
        List<byte[]> commands = [];
        foreach (JsonElement record in request.GetProperty("records").EnumerateArray())
        {
            byte[] command = record.GetBytesFromBase64();
            if (!CommandValidation.IsWellFormed(command) || MemoryMarshal.Read<CommandHeader>(command).Type is not (CommandType.DefineParticipant or CommandType.SetPassword))
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
}
