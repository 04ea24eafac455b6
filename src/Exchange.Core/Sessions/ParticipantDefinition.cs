using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Core.Sessions;

/// <summary>What a participant's definition must be like; for whoever logs one, and for the core, which ignores others.</summary>
public static class ParticipantDefinition
{
    /// <summary>What is wrong with a definition, in words for an operator; null when nothing is.</summary>
    public static string? Check(in DefineParticipantCommand definition)
    {
        if (definition.SenderCompId.Length > Text40.LengthMax || definition.TargetCompId.Length > Text40.LengthMax
            || definition.Username.Length > Text40.LengthMax || definition.BeginString.Length > Text16.LengthMax)
        {
            return "a text is damaged";
        }

        if (definition.SenderCompId.IsEmpty || definition.TargetCompId.IsEmpty)
        {
            return "SenderCompID and TargetCompID must not be empty";
        }

        if (definition.HeartBtIntMinSec < 0 || definition.HeartBtIntMaxSec < definition.HeartBtIntMinSec)
        {
            return "the limits of HeartBtInt must not be negative, the lowest not above the highest";
        }

        if (definition.CancelOnDisconnectGraceNs < 0)
        {
            return "the grace of cancel on disconnect must not be negative";
        }

        if (definition.TimestampDecimals is not (0 or 3 or 6 or 9))
        {
            return "timestamps have 0, 3, 6 or 9 decimals";
        }

        return definition.OpenOrdersMax < 0 ? "the number of open orders must not be negative" : null;
    }
}
