using System.Text.Json;
using Exchange.Protocol.Commands;

namespace Exchange.Core.Sessions;

/// <summary>The participants as operators see them. Of a password it is only said whether there is one.</summary>
internal static class ParticipantList
{
    /// <summary>Writes an array of all participants.</summary>
    public static void Write(Utf8JsonWriter json, SessionTable sessions)
    {
        json.WriteStartArray("participants");
        for (int id = 0; id < sessions.Count; id++)
        {
            Session session = sessions[id];
            ref readonly DefineParticipantCommand definition = ref session.Definition;
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("sender", definition.SenderCompId.ToString());
            json.WriteString("target", definition.TargetCompId.ToString());
            json.WriteString("username", definition.Username.ToString());
            json.WriteString("version", definition.BeginString.ToString());
            json.WriteBoolean("disabled", (definition.Flags & ParticipantFlags.Disabled) != 0);
            json.WriteBoolean("password", (definition.Flags & ParticipantFlags.NoPassword) == 0);
            json.WriteBoolean("logged_on", session.IsLoggedOn);
            json.WriteNumber("messages_per_second", definition.MessagesPerSecondMax);
            json.WriteString("switches", (definition.Flags & ~(ParticipantFlags.Disabled | ParticipantFlags.NoPassword)).ToString());
            json.WriteNumber("next_reset_ns", session.ResetAtNs == long.MaxValue ? 0 : session.ResetAtNs);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
