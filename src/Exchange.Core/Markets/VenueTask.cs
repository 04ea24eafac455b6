using System.Runtime.InteropServices;

namespace Exchange.Core.Markets;

/// <summary>A piece of work that needs more than one command. It is written to snapshots as it is.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
internal struct VenueTask
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 32;

    /// <summary>How far it has come, in terms of its kind; never a slot.</summary>
    public long Cursor;

    /// <summary>What it must not go beyond, in terms of its kind.</summary>
    public long Limit;

    /// <summary>What it is about, in terms of its kind.</summary>
    public int Subject;

    /// <summary>What it does.</summary>
    public TaskKind Kind;

    /// <summary>Padding, zero.</summary>
    public byte Padding0;

    /// <summary>Padding, zero.</summary>
    public ushort Padding1;

    /// <summary>Padding, zero.</summary>
    public long Padding2;
}
