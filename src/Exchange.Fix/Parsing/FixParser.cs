using System.Buffers.Text;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Exchange.Fix.Dictionary;
using Exchange.Fix.Framing;
using Exchange.Fix.Validation;
using Exchange.Protocol.Commands;

namespace Exchange.Fix.Parsing;

/// <summary>
/// Indexes the fields of one framed message in a single pass: 64 bytes at a time, vectors find the SOH, and the few bytes
/// behind each are read as a tag. Data fields are taken by their length, so they may hold SOH.
/// <para>
/// What must hold: the frame comes from <see cref="FixFramer"/>, so it starts with 8, 9, 35 and ends in a seven-byte trailer. Because of
/// the trailer, eight bytes are readable from the start of each value before it; the inner loops rely on that, and nothing
/// outside of the frame is ever read. One parser serves one thread and does not allocate after construction.
/// </para>
/// </summary>
public sealed unsafe class FixParser
{
    /// <summary>The most fields of a message that are indexed; a message with more is refused.</summary>
    public const int FieldCountMax = 1024;

    private const byte Soh = 1;

    /// <summary>The shortest frame that the framer lets through is longer than this.</summary>
    private const int FrameLengthMin = 20;

    private readonly FixField[] _fields = GC.AllocateArray<FixField>(FieldCountMax + 1, pinned: true);

    /// <summary>By ordinal: generation in the upper half, index of the first field of that tag in the lower. A new generation forgets all at once.</summary>
    private readonly uint[] _places = GC.AllocateArray<uint>(FixDictionary.OrdinalLimit, pinned: true);

    private readonly FixField* _fieldStart;
    private readonly uint* _placeStart;
    private uint _generation;
    private int _count;
    private bool _hasRepeats;
    private FixFault _syntaxError = FixFault.None;

    /// <summary>Creates a parser for one FIX version.</summary>
    public FixParser(FixDictionary dictionary)
    {
        Dictionary = dictionary;
        _fieldStart = (FixField*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_fields));
        _placeStart = (uint*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_places));
    }

    /// <summary>The FIX version.</summary>
    public FixDictionary Dictionary { get; }

    /// <summary>Fields found in the message parsed last.</summary>
    internal int Count => _count;

    /// <summary>The fields; those at <see cref="Count"/> and beyond are stale.</summary>
    internal FixField[] Fields => _fields;

    /// <summary>The same for loops that have checked their bounds.</summary>
    internal FixField* FieldStart => _fieldStart;

    /// <summary>Whether some defined tag occurs more than once, in groups or by mistake.</summary>
    internal bool HasRepeats => _hasRepeats;

    /// <summary>The first thing that is not of the form tag=value.</summary>
    internal FixFault SyntaxError => _syntaxError;

    /// <summary>Date kept from message to message.</summary>
    internal FixTime Time;

    /// <summary>Parses a frame.</summary>
    /// <exception cref="ArgumentException">The bytes are not a frame: the caller did not take them from the framer.</exception>
    public FixMessage Parse(ReadOnlySpan<byte> frame)
    {
        if (frame.Length is < FrameLengthMin or > ushort.MaxValue || frame[^1] != Soh || frame[^(FixFramer.TrailerLength + 1)] != Soh)
        {
            ThrowNotAFrame();
        }

        _generation += 1 << 16;
        if (_generation == 0)
        {
            Array.Clear(_places);
            _generation = 1 << 16;
        }

        _count = 0;
        _hasRepeats = false;
        _syntaxError = FixFault.None;
        fixed (byte* start = frame)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                Index<SohSearch512>(start, frame.Length);
            }
            else if (Vector256.IsHardwareAccelerated)
            {
                Index<SohSearch256>(start, frame.Length);
            }
            else
            {
                Index<SohSearchScalar>(start, frame.Length);
            }
        }

        return new FixMessage(frame, this);
    }

    /// <summary>The index of the first field with a tag; -1 when there is none.</summary>
    internal int IndexOf(int tag)
    {
        int ordinal = Dictionary.OrdinalOf(tag);
        return ordinal != 0 ? IndexOfOrdinal(ordinal) : IndexOfUndefined(tag);
    }

    /// <summary>The index of the first field with an ordinal; -1 when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int IndexOfOrdinal(int ordinal)
    {
        uint place = _placeStart[ordinal];
        return (place & 0xFFFF0000) == _generation ? (int)(place & 0xFFFF) : -1;
    }

    /// <summary>Indexes a frame with the vectors of one width, whichever the machine has; for tests, which try all.</summary>
    internal void Index<TSearch>(byte* frame, int length)
        where TSearch : struct, ISohSearch
    {
        // Everything that the loop uses is in locals: the stores through pointers would make the compiler load fields again and again.
        ushort* tags = Dictionary.Tags;
        FixField* fields = _fieldStart;
        uint* places = _placeStart;
        uint generation = _generation;
        int trailer = length - FixFramer.TrailerLength;
        int start = 0;
        int block = 0;
        int count = 0;
        int expectedDataTag = 0;
        bool hasRepeats = false;
        while (start < trailer)
        {
            ulong mask = MaskAt<TSearch>(frame, block, length);
            while (mask != 0)
            {
                int end = block + BitOperations.TrailingZeroCount(mask);
                mask &= mask - 1;
                int entry = ReadTag(frame, start, end, tags, fields + count);
                if (((entry & (FixDictionary.IsData | FixDictionary.IsDataLength)) | expectedDataTag) != 0)
                {
                    expectedDataTag = FollowData(frame, trailer, count, expectedDataTag, ref end);
                    mask = end >= block + 64 ? 0 : mask & (ulong.MaxValue << (end - block) << 1);
                }

                uint* place = places + (entry & FixDictionary.OrdinalMask);
                if ((*place & 0xFFFF0000) != generation)
                {
                    *place = generation | (uint)count;
                }
                else
                {
                    hasRepeats = true;
                }

                start = end + 1;
                count++;
                if (start >= trailer | count == FieldCountMax)
                {
                    break;
                }
            }

            if (count == FieldCountMax && start < trailer)
            {
                Fault(new FixFault(SessionRejectReason.Other, 0));
                break;
            }

            block = Math.Max(block + 64, start);
        }

        if (expectedDataTag != 0)
        {
            Fault(new FixFault(SessionRejectReason.RequiredTagMissing, expectedDataTag));
        }

        Finish(count, trailer, hasRepeats);
    }

    /// <summary>The trailer is always the same and its place is known, so it is not searched for.</summary>
    private void Finish(int count, int trailer, bool hasRepeats)
    {
        int ordinal = Dictionary.OrdinalOf(FixTag.CheckSum);
        _fieldStart[count] = new FixField { Tag = FixTag.CheckSum, Offset = (ushort)(trailer + 3), Length = 3, Ordinal = (ushort)ordinal };
        _count = count + 1;
        _hasRepeats = hasRepeats || IndexOfOrdinal(ordinal) >= 0;
        if (!_hasRepeats)
        {
            _placeStart[ordinal] = _generation | (uint)count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong MaskAt<TSearch>(byte* frame, int block, int length)
        where TSearch : struct, ISohSearch
    {
        int left = length - block;
        if (left >= 64)
        {
            return TSearch.Mask(frame + block);
        }

        // The last bytes are read as the end of a full block, so that nothing outside of the frame is touched.
        return length >= 64 ? TSearch.Mask(frame + length - 64) >> (64 - left) : MaskOfShort(frame, block, length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong MaskOfShort(byte* frame, int block, int length)
    {
        ulong mask = 0;
        for (int i = block; i < length; i++)
        {
            mask |= (frame[i] == Soh ? 1UL : 0UL) << (i - block);
        }

        return mask;
    }

    /// <summary>
    /// Reads the tag of the field between start and end (its SOH) and fills the field; returns the dictionary's entry. The branches on
    /// the number of digits repeat from message to message and are predicted; computing the length instead costs more instructions.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int ReadTag(byte* frame, int start, int end, ushort* tags, FixField* field)
    {
        byte* text = frame + start;
        uint first = (uint)text[0] - '0';
        uint tag;
        uint wrong = first - 1 > 8 ? 1U : 0U;
        int value;

        // SOH is no digit, so an equals sign behind digits stands before the end of the field.
        if (text[2] == (byte)'=')
        {
            uint second = (uint)text[1] - '0';
            tag = (first * 10) + second;
            wrong |= second > 9 ? 1U : 0U;
            value = start + 3;
        }
        else if (text[3] == (byte)'=')
        {
            uint second = (uint)text[1] - '0';
            uint third = (uint)text[2] - '0';
            tag = (((first * 10) + second) * 10) + third;
            wrong |= (second > 9 ? 1U : 0U) | (third > 9 ? 1U : 0U);
            value = start + 4;
        }
        else if (text[1] == (byte)'=')
        {
            tag = first;
            value = start + 2;
        }
        else
        {
            return ReadOddTag(frame, start, end, field);
        }

        if (wrong != 0)
        {
            return ReadOddTag(frame, start, end, field);
        }

        int entry = tags[tag];
        field->Head = tag | ((ulong)(uint)value << 32) | ((ulong)(uint)(end - value) << 48);
        field->Ordinal = (ushort)(entry & FixDictionary.OrdinalMask);
        return entry;
    }

    /// <summary>Tags of four digits and more, and what is no tag at all.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int ReadOddTag(byte* frame, int start, int end, FixField* field)
    {
        int position = start;
        long tag = 0;
        bool isTag = frame[start] != (byte)'0';
        while (position < end && frame[position] != (byte)'=')
        {
            uint digit = (uint)frame[position] - '0';
            isTag &= digit <= 9;
            tag = isTag ? Math.Min((tag * 10) + digit, (long)int.MaxValue + 1) : 0;
            position++;
        }

        isTag &= position < end && position > start && tag <= int.MaxValue;
        int value = Math.Min(position + 1, end);
        int entry = isTag ? Dictionary.EntryOf((int)tag) : 0;
        field->Tag = isTag ? (int)tag : 0;
        field->Offset = (ushort)value;
        field->Length = (ushort)(end - value);
        field->Ordinal = (ushort)(entry & FixDictionary.OrdinalMask);
        if (!isTag)
        {
            int named = position < end ? OutOfRange(new ReadOnlySpan<byte>(frame + start, position - start)) : 0;
            Fault(new FixFault(SessionRejectReason.InvalidTagNumber, named));
        }

        return entry;
    }

    /// <summary>What a RefTagID (371) says of a number that is none of a tag: 0, or one below; 0 when it is no number.</summary>
    private static int OutOfRange(ReadOnlySpan<byte> text)
    {
        if (text.SequenceEqual("0"u8))
        {
            return FixCommandHeader.RefTagZero;
        }

        bool isBelow = text.Length > 1 && text[0] == (byte)'-' && text[1] != (byte)'0';
        return isBelow && Utf8Parser.TryParse(text, out int number, out int read) && read == text.Length && number > int.MinValue ? number : 0;
    }

    /// <summary>
    /// Called for a length field, for the field behind one, which must be its data, and for data without a length. The end of the data
    /// is moved to where the length says. Returns the data tag expected next; 0 for none.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int FollowData(byte* frame, int trailer, int index, int expectedDataTag, ref int end)
    {
        ref FixField field = ref _fieldStart[index];
        FieldRule* rule = Dictionary.Rules + field.Ordinal;
        if (expectedDataTag != 0)
        {
            ref FixField lengthField = ref _fieldStart[index - 1];
            if (field.Tag != expectedDataTag)
            {
                Fault(new FixFault(SessionRejectReason.RequiredTagMissing, expectedDataTag));
            }
            else if (FixNumber.TryInt64(new ReadOnlySpan<byte>(frame + lengthField.Offset, lengthField.Length), out long length))
            {
                // Compared before it is added to anything: the largest lengths would wrap around and point far outside of the frame.
                if (length >= 0 && length < trailer - field.Offset && frame[field.Offset + length] == Soh)
                {
                    end = field.Offset + (int)length;
                    field.Length = (ushort)length;
                }
                else
                {
                    Fault(new FixFault(SessionRejectReason.ValueOutOfRange, lengthField.Tag));
                }
            }
        }
        else if (rule->LengthTag != 0)
        {
            Fault(new FixFault(SessionRejectReason.RequiredTagMissing, rule->LengthTag));
        }

        return rule->DataTag;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Fault(FixFault fault)
    {
        if (_syntaxError.IsValid)
        {
            _syntaxError = fault;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int IndexOfUndefined(int tag)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_fieldStart[i].Tag == tag)
            {
                return i;
            }
        }

        return -1;
    }

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    private static void ThrowNotAFrame() => throw new ArgumentException("the bytes are not a frame of the framer", "frame");
}
