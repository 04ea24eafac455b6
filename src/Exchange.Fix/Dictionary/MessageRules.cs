using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Exchange.Fix.Dictionary;

/// <summary>What validation needs about one message, by field ordinals.</summary>
internal sealed class MessageRules
{
    /// <summary>The definition behind it.</summary>
    public required MessageDefinition Definition { get; init; }

    /// <summary>
    /// By ordinal: 0 when the field does not belong to the message outside of groups, else 1 for the header, 2 for the body,
    /// 3 for the trailer. With <see cref="GroupBit"/> for a NumInGroup field and <see cref="RequiredBit"/> for one in <see cref="Required"/>. Pinned.
    /// </summary>
    public required byte[] Places { get; init; }

    /// <summary>Ordinals of the required fields, header and trailer included, 8, 9, 35 and 10 left out: the framer has seen them.</summary>
    public required ushort[] Required { get; init; }

    /// <summary>The groups of the message.</summary>
    public required GroupDefinition[] Groups { get; init; }

    /// <summary><see cref="Places"/> for the inner loop.</summary>
    public unsafe byte* PlaceStart => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(Places));

    /// <summary>The part of a place that numbers header, body and trailer.</summary>
    public const byte SectionMask = 0x03;

    /// <summary>The field is required.</summary>
    public const byte RequiredBit = 0x40;

    /// <summary>A group follows the field.</summary>
    public const byte GroupBit = 0x80;

    /// <summary>The group behind a NumInGroup field.</summary>
    public GroupDefinition GroupOf(int countTag)
    {
        foreach (GroupDefinition group in Groups)
        {
            if (group.CountTag == countTag)
            {
                return group;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(countTag), countTag, "no group of this message");
    }
}
