using System.Runtime.CompilerServices;
using Exchange.Fix.Dictionary;
using Exchange.Fix.Parsing;

namespace Exchange.Fix.Validation;

/// <summary>
/// Checks a parsed message against the dictionary and names the first thing wrong by SessionRejectReason (373) and tag (371).
/// On the way each value is converted, so that who uses the message does not read digits a second time.
/// <para>
/// What must hold: after validation, valid or not, the numbers of all fields that were converted without fault are set;
/// a message is valid only if no field, group or missing field breaks a rule.
/// </para>
/// </summary>
public static class FixValidator
{
    /// <summary>The fields 8, 9 and 35, which the framer has checked.</summary>
    private const int FramedFields = 3;

    /// <summary>The trailer, as <see cref="MessageRules.Places"/> numbers the parts.</summary>
    private const int LastSection = 3;

    /// <summary>Validates a message that a client sent.</summary>
    public static FixFault Validate(FixMessage message, ValidationSwitches switches = ValidationSwitches.None)
    {
        FixParser parser = message.Parser;
        FixDictionary dictionary = parser.Dictionary;
        FixMessageKind kind = message.Kind;
        MessageRules? rules = dictionary.RulesOf(kind);
        if (rules is null || rules.Definition.Flow == MessageFlow.Sent)
        {
            return Unsupported(message, dictionary);
        }

        return Validate(message, parser, rules, switches);
    }

    /// <summary>The same for a client, which receives what the exchange sends.</summary>
    public static FixFault ValidateAsClient(FixMessage message, ValidationSwitches switches = ValidationSwitches.None)
    {
        FixParser parser = message.Parser;
        MessageRules? rules = parser.Dictionary.RulesOf(message.Kind);
        return rules is null || rules.Definition.Flow == MessageFlow.Received
            ? Unsupported(message, parser.Dictionary)
            : Validate(message, parser, rules, switches);
    }

    private static FixFault Unsupported(FixMessage message, FixDictionary dictionary)
    {
        return dictionary.IsKnownMsgType(message.MsgType)
            ? new FixFault(SessionRejectReason.None, 0, IsUnsupportedMessage: true)
            : new FixFault(SessionRejectReason.InvalidMsgType, 0);
    }

    private static unsafe FixFault Validate(FixMessage message, FixParser parser, MessageRules rules, ValidationSwitches switches)
    {
        FixFault fault = parser.SyntaxError;
        FieldRule* fieldRules = parser.Dictionary.Rules;
        byte* places = rules.PlaceStart;
        FixField* fields = parser.FieldStart;
        int last = parser.Count - 1;
        int section = 1;
        int missing = rules.Required.Length;
        bool hasRepeats = parser.HasRepeats;
        fixed (byte* frame = message.Frame)
        {
            for (int i = FramedFields; i < last; i++)
            {
                ref FixField field = ref fields[i];
                int ordinal = field.Ordinal;
                int place = places[ordinal];
                int next = place & ~MessageRules.RequiredBit;
                if ((uint)(next - section) > (uint)(LastSection - section) | field.Length == 0 | hasRepeats)
                {
                    Keep(ref fault, CheckOdd(message, rules, switches, ref i, ref section));
                    continue;
                }

                section = next;
                missing -= (place & MessageRules.RequiredBit) != 0 ? 1 : 0;
                SessionRejectReason reason = ValueCheck.Check(frame, ref field, fieldRules + ordinal, parser);
                if (reason != SessionRejectReason.None)
                {
                    Keep(ref fault, new FixFault(reason, field.Tag));
                }
            }
        }

        // Each required field that came was counted, unless it was odd; then the slow search tells which are missing, if any.
        return missing == 0 || !fault.IsValid ? fault : FirstMissing(parser, rules);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe FixFault FirstMissing(FixParser parser, MessageRules rules)
    {
        foreach (ushort ordinal in rules.Required)
        {
            if (parser.IndexOfOrdinal(ordinal) < 0)
            {
                return new FixFault(SessionRejectReason.RequiredTagMissing, parser.Dictionary.Rules[ordinal].Tag);
            }
        }

        return FixFault.None;
    }

    /// <summary>A field that is not simply the next in order: unknown, misplaced, empty, repeated, or the count of a group.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe FixFault CheckOdd(
        FixMessage message, MessageRules rules, ValidationSwitches switches, ref int index, ref int section)
    {
        FixParser parser = message.Parser;
        ref FixField field = ref parser.FieldStart[index];
        int ordinal = field.Ordinal;
        if (field.Tag == 0)
        {
            return new FixFault(SessionRejectReason.InvalidTagNumber, 0);
        }

        if (ordinal == 0)
        {
            return IsAllowed(field.Tag, switches) ? FixFault.None : new FixFault(SessionRejectReason.InvalidTagNumber, field.Tag);
        }

        // The checksum that ends the message is not looked at here, so another one is always one too many.
        if (parser.IndexOfOrdinal(ordinal) != index || field.Tag == FixTag.CheckSum)
        {
            return new FixFault(SessionRejectReason.TagAppearsMoreThanOnce, field.Tag);
        }

        int place = rules.Places[ordinal];
        int fieldSection = place & MessageRules.SectionMask;
        if (place == 0)
        {
            return new FixFault(SessionRejectReason.TagNotDefinedForMessage, field.Tag);
        }

        if (fieldSection < section && (switches & ValidationSwitches.AllowAnyFieldOrder) == 0)
        {
            return new FixFault(SessionRejectReason.TagOutOfOrder, field.Tag);
        }

        section = Math.Max(section, fieldSection);
        if (field.Length == 0)
        {
            return (switches & ValidationSwitches.AllowEmptyValues) != 0 && !IsRequired(rules, ordinal)
                ? FixFault.None
                : new FixFault(SessionRejectReason.TagWithoutValue, field.Tag);
        }

        SessionRejectReason reason = ValueCheck.Check(message, ref field);

        if (reason != SessionRejectReason.None)
        {
            return new FixFault(reason, field.Tag);
        }

        return (place & MessageRules.GroupBit) != 0
            ? GroupCheck.Check(message, parser, rules.GroupOf(field.Tag), switches, ref index)
            : FixFault.None;
    }

    private static bool IsAllowed(int tag, ValidationSwitches switches)
    {
        bool isUserDefined = tag is (>= 5000 and < 10_000) or >= 20_000;
        return (switches & ValidationSwitches.AllowUnknownTags) != 0 || (isUserDefined && (switches & ValidationSwitches.AllowUserDefinedTags) != 0);
    }

    private static bool IsRequired(MessageRules rules, int ordinal) => rules.Required.AsSpan().Contains((ushort)ordinal);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Keep(ref FixFault fault, FixFault found)
    {
        if (fault.IsValid)
        {
            fault = found;
        }
    }
}
