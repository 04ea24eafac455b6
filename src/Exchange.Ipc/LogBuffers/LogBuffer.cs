using System.Runtime.CompilerServices;
using Exchange.Ipc.Concurrent;

namespace Exchange.Ipc.LogBuffers;

/// <summary>A mapped log buffer file; see <see cref="LogBufferDescriptor"/>.</summary>
internal sealed unsafe class LogBuffer : IDisposable
{
    private readonly MappedFile _file;

    private LogBuffer(MappedFile file, int termLength)
    {
        _file = file;
        TermLength = termLength;
        PositionBitsToShift = LogBufferDescriptor.PositionBitsToShift(termLength);
        Terms = file.Address;
        Metadata = file.Address + file.Length - LogBufferDescriptor.MetadataLength;
    }

    internal byte* Terms { get; }

    internal byte* Metadata { get; }

    internal int TermLength { get; }

    internal int PositionBitsToShift { get; }

    internal string Path => _file.Path;

    internal long Length => _file.Length;

    internal int InitialTermId => *(int*)(Metadata + LogBufferDescriptor.InitialTermIdOffset);

    internal int MtuLength => *(int*)(Metadata + LogBufferDescriptor.MtuLengthOffset);

    internal ref long Tail(int index) => ref *(long*)(Metadata + LogBufferDescriptor.TailCountersOffset + (index * sizeof(long)));

    internal ref int ActiveTermCount => ref *(int*)(Metadata + LogBufferDescriptor.ActiveTermCountOffset);

    internal ref int IsConnected => ref *(int*)(Metadata + LogBufferDescriptor.IsConnectedOffset);

    internal ref long EndOfStreamPosition => ref *(long*)(Metadata + LogBufferDescriptor.EndOfStreamPositionOffset);

    internal ref byte IsRevoked => ref *(Metadata + LogBufferDescriptor.IsPublicationRevokedOffset);

    /// <summary>First byte of a partition.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal byte* Term(int index) => Terms + ((nint)index * TermLength);

    /// <summary>Creates the file with all its blocks and zeroed terms.</summary>
    /// <exception cref="IOException">Disk full, or the directory cannot be written.</exception>
    internal static LogBuffer Create(string path, int termLength, int pageSize, bool preTouch, bool sparse)
    {
        MappedFile file = MappedFile.CreateNew(path, LogBufferDescriptor.LogLength(termLength, pageSize), preTouch, sparse);
        return new LogBuffer(file, termLength);
    }

    /// <summary>Maps what a driver created.</summary>
    /// <exception cref="IOException">Missing, or no log buffer.</exception>
    internal static LogBuffer Open(string path, bool preTouch)
    {
        MappedFile file = MappedFile.OpenExisting(path, preTouch);
        if (file.Length >= LogBufferDescriptor.MetadataLength)
        {
            byte* metadata = file.Address + file.Length - LogBufferDescriptor.MetadataLength;
            int termLength = *(int*)(metadata + LogBufferDescriptor.TermLengthOffset);
            int mtu = *(int*)(metadata + LogBufferDescriptor.MtuLengthOffset);
            if (IsValidTermLength(termLength) && file.Length >= LogBufferDescriptor.LogLength(termLength, 1)
                && mtu > DataHeaderDescriptor.Length && mtu <= termLength)
            {
                return new LogBuffer(file, termLength);
            }
        }

        file.Dispose();
        throw new IOException($"{path} is not a log buffer");
    }

    internal static bool IsValidTermLength(long termLength) =>
        termLength is >= LogBufferDescriptor.TermLengthMin and <= LogBufferDescriptor.TermLengthMax && Alignment.IsPowerOfTwo((int)termLength);

    /// <summary>Position of the publisher, clamped to the end of a term that overflowed.</summary>
    internal long ProducerPosition()
    {
        int termCount = Volatile.Read(ref ActiveTermCount); // partner: RotateLog
        long rawTail = Volatile.Read(ref Tail(LogBufferDescriptor.IndexByTermCount(termCount))); // partner: publishers
        return LogBufferDescriptor.Position(
            LogBufferDescriptor.TermId(rawTail), LogBufferDescriptor.TermOffset(rawTail, TermLength), PositionBitsToShift, InitialTermId);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
