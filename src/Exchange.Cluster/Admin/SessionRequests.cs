using System.Runtime.InteropServices;
using System.Text.Json;
using Exchange.Cluster.Ingress;
using Exchange.Protocol.Commands;

namespace Exchange.Cluster.Admin;

/// <summary>What operators do to FIX sessions: commands in the log like any other.</summary>
internal static class SessionRequests
{
    /// <summary>Appends the command; returns the position behind it.</summary>
    public static long Append(IngressSequencer sequencer, string verb, JsonElement request)
    {
        SessionAdminCommand command = default;
        command.Header.Type = verb switch
        {
            "session-reset" => CommandType.ResetSession,
            "session-set-sequence" => CommandType.SetSequence,
            "participant-enable" => CommandType.EnableParticipant,
            "participant-disable" => CommandType.DisableParticipant,
            _ => CommandType.LogOutSession,
        };
        command.Header.Layout = CommandHeader.CurrentLayout;
        command.Header.Length = SessionAdminCommand.SizeBytes;
        command.Header.LeadershipTerm = sequencer.Term;
        command.Header.SessionId = request.GetProperty("session").GetInt32();
        command.NextIn = Optional(request, "in");
        command.NextOut = Optional(request, "out");
        if (command.Header.Type == CommandType.SetSequence && command is { NextIn: 0, NextOut: 0 })
        {
            throw new ArgumentException("set-sequence needs in, out or both, each from 1");
        }

        return sequencer.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<SessionAdminCommand>(in command)));
    }

    private static long Optional(JsonElement request, string name)
    {
        if (!request.TryGetProperty(name, out JsonElement value))
        {
            return 0;
        }

        long number = value.GetInt64();
        return number is > 0 and < int.MaxValue ? number : throw new ArgumentException($"{name} must be from 1 to {int.MaxValue - 1}");
    }
}
