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
            || definition.Username.Length > Text40.LengthMax || definition.ResetZone.Length > Text40.LengthMax
            || definition.CertificateName.Length > Text64.LengthMax || definition.BeginString.Length > Text16.LengthMax)
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

        if (definition.OpenOrdersMax < 0 || definition.MessagesPerSecondMax < 0 || definition.ResendRequestsMax < 0)
        {
            return "the number of open orders, messages a second and ResendRequests must not be negative";
        }

        return CheckSchedule(in definition) ?? CheckAddresses(in definition);
    }

    private static string? CheckSchedule(in DefineParticipantCommand definition)
    {
        if (definition.ResetDays is < 0 or > 127 || definition.ResetTimeOfDaySec is < 0 or >= 86_400)
        {
            return "a reset is on days of the week, at a time of the day";
        }

        return definition.ResetDays != 0 && definition.ResetZone.IsEmpty ? "a scheduled reset needs a time zone" : null;
    }

    private static string? CheckAddresses(in DefineParticipantCommand definition)
    {
        foreach (ref readonly AddressRange range in (ReadOnlySpan<AddressRange>)definition.AllowedAddresses)
        {
            if (range.PrefixLength is < 0 or > AddressRange.PrefixLengthMax)
            {
                return "a range of addresses has a prefix of 1 to 128 bits";
            }
        }

        return null;
    }
}
