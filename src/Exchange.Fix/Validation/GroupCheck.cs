using Exchange.Fix.Dictionary;
using Exchange.Fix.Parsing;

namespace Exchange.Fix.Validation;

/// <summary>
/// Checks a repeating group: as many entries as NumInGroup says, each starting with the delimiter, its fields in order, required
/// ones present. Groups nest as deep as fix-spec nests them.
/// </summary>
internal static class GroupCheck
{
    /// <summary>Checks the group whose count stands at the index, and moves the index to the last field of the group.</summary>
    public static unsafe FixFault Check(FixMessage message, FixParser parser, GroupDefinition group, ValidationSwitches switches, ref int index)
    {
        int countIndex = index;
        long entries = parser.FieldStart[countIndex].Number;
        int delimiter = group.Members[0].Tag;
        for (long entry = 0; entry < entries; entry++)
        {
            int next = index + 1;
            if (next >= parser.Count || parser.FieldStart[next].Tag != delimiter)
            {
                bool isMember = next < parser.Count && PlaceOf(group, parser.FieldStart[next].Tag) >= 0;
                return isMember && entry == 0
                    ? new FixFault(SessionRejectReason.GroupFieldsOutOfOrder, parser.FieldStart[next].Tag)
                    : new FixFault(SessionRejectReason.IncorrectNumInGroup, group.CountTag);
            }

            FixFault fault = CheckEntry(message, parser, group, switches, ref index);
            if (!fault.IsValid)
            {
                return fault;
            }
        }

        bool hasMore = index + 1 < parser.Count && parser.FieldStart[index + 1].Tag == delimiter;
        return hasMore ? new FixFault(SessionRejectReason.IncorrectNumInGroup, group.CountTag) : FixFault.None;
    }

    private static unsafe FixFault CheckEntry(FixMessage message, FixParser parser, GroupDefinition group, ValidationSwitches switches, ref int index)
    {
        // Groups have few members: one bit each tells which are present.
        ulong present = 0;
        int highest = -1;
        while (index + 1 < parser.Count)
        {
            ref FixField field = ref parser.FieldStart[index + 1];
            int place = PlaceOf(group, field.Tag);
            if (place < 0 || (place == 0 && present != 0))
            {
                break;
            }

            if ((present & (1UL << place)) != 0)
            {
                return new FixFault(SessionRejectReason.TagAppearsMoreThanOnce, field.Tag);
            }

            if (place < highest && (switches & ValidationSwitches.AllowAnyGroupOrder) == 0)
            {
                return new FixFault(SessionRejectReason.GroupFieldsOutOfOrder, field.Tag);
            }

            present |= 1UL << place;
            highest = Math.Max(highest, place);
            index++;
            FixFault fault = CheckMember(message, parser, group.Members[place], switches, ref index);
            if (!fault.IsValid)
            {
                return fault;
            }
        }

        for (int i = 0; i < group.Members.Count; i++)
        {
            if (group.Members[i].Required && (present & (1UL << i)) == 0)
            {
                return new FixFault(SessionRejectReason.RequiredTagMissing, group.Members[i].Tag);
            }
        }

        return FixFault.None;
    }

    private static unsafe FixFault CheckMember(FixMessage message, FixParser parser, MemberDefinition member, ValidationSwitches switches, ref int index)
    {
        ref FixField field = ref parser.FieldStart[index];
        if (field.Length == 0)
        {
            return (switches & ValidationSwitches.AllowEmptyValues) != 0 && !member.Required
                ? FixFault.None
                : new FixFault(SessionRejectReason.TagWithoutValue, field.Tag);
        }

        SessionRejectReason reason = ValueCheck.Check(message, ref field);

        if (reason != SessionRejectReason.None)
        {
            return new FixFault(reason, field.Tag);
        }

        return member.Group is null ? FixFault.None : Check(message, parser, member.Group, switches, ref index);
    }

    private static int PlaceOf(GroupDefinition group, int tag)
    {
        for (int i = 0; i < group.Members.Count; i++)
        {
            if (group.Members[i].Tag == tag)
            {
                return i;
            }
        }

        return -1;
    }
}
