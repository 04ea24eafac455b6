using System.Text.Json;
using Exchange.Protocol.Commands;

namespace Exchange.Core.Sessions;

/// <summary>The sessions as operators see them.</summary>
internal static class SessionList
{
    /// <summary>Writes an array of all sessions.</summary>
    public static void Write(Utf8JsonWriter json, SessionTable sessions)
    {
        json.WriteStartArray("sessions");
        for (int id = 0; id < sessions.Count; id++)
        {
            Session session = sessions[id];
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("sender", session.Definition.SenderCompId.ToString());
            json.WriteBoolean("logged_on", session.IsLoggedOn);
            json.WriteNumber("gateway", session.Binding.GatewayId);
            json.WriteNumber("next_in", session.NextIn);
            json.WriteNumber("next_out", session.NextOut);
            json.WriteBoolean("disabled", (session.Definition.Flags & ParticipantFlags.Disabled) != 0);
            json.WriteNumber("unseen_fills", session.UnseenFills.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
