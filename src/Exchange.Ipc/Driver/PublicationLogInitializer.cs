using Exchange.Ipc.LogBuffers;

namespace Exchange.Ipc.Driver;

/// <summary>Fills the metadata of a new log buffer.</summary>
internal static unsafe class PublicationLogInitializer
{
    internal static void Initialize(LogBuffer log, PublicationParameters parameters, long registrationId, int sessionId, int streamId, bool isExclusive)
    {
        byte* metadata = log.Metadata;
        int initialTermId = parameters.Start?.InitialTermId ?? Random.Shared.Next(int.MinValue, int.MaxValue);
        int termId = parameters.Start?.TermId ?? initialTermId;
        int termOffset = parameters.Start?.TermOffset ?? 0;
        int termCount = LogBufferDescriptor.TermCount(termId, initialTermId);

        // The two other tails carry the terms that would have come before, which is what a rotation expects to find.
        int index = LogBufferDescriptor.IndexByTermCount(termCount);
        log.Tail(index) = LogBufferDescriptor.PackTail(termId, termOffset);
        for (int i = 1; i < LogBufferDescriptor.PartitionCount; i++)
        {
            int expectedTermId = unchecked(termId + i - LogBufferDescriptor.PartitionCount);
            log.Tail((index + i) % LogBufferDescriptor.PartitionCount) = LogBufferDescriptor.PackTail(expectedTermId, 0);
        }

        log.ActiveTermCount = termCount;
        log.EndOfStreamPosition = long.MaxValue;
        *(long*)(metadata + LogBufferDescriptor.CorrelationIdOffset) = registrationId;
        *(int*)(metadata + LogBufferDescriptor.InitialTermIdOffset) = initialTermId;
        *(int*)(metadata + LogBufferDescriptor.DefaultFrameHeaderLengthOffset) = DataHeaderDescriptor.Length;
        *(int*)(metadata + LogBufferDescriptor.MtuLengthOffset) = parameters.MtuLength;
        *(int*)(metadata + LogBufferDescriptor.TermLengthOffset) = parameters.TermLength;
        *(int*)(metadata + LogBufferDescriptor.PageSizeOffset) = MediaDriverContext.PageSize;
        *(int*)(metadata + LogBufferDescriptor.PublicationWindowLengthOffset) = parameters.WindowLength;
        *(long*)(metadata + LogBufferDescriptor.EntityTagOffset) = -1;
        *(long*)(metadata + LogBufferDescriptor.ResponseCorrelationIdOffset) = -1;
        *(long*)(metadata + LogBufferDescriptor.LingerTimeoutNsOffset) = parameters.LingerNs;
        *(metadata + LogBufferDescriptor.SparseOffset) = (byte)(parameters.IsSparse ? 1 : 0);
        *(metadata + LogBufferDescriptor.SignalEosOffset) = 1;
        *(metadata + LogBufferDescriptor.TypeOffset) = isExclusive ? LogBufferDescriptor.TypeExclusive : LogBufferDescriptor.TypeConcurrent;

        byte* header = metadata + LogBufferDescriptor.DefaultHeaderOffset;
        *(header + DataHeaderDescriptor.FlagsOffset) = DataHeaderDescriptor.UnfragmentedFlags;
        *(ushort*)(header + DataHeaderDescriptor.TypeOffset) = DataHeaderDescriptor.TypeData;
        *(int*)(header + DataHeaderDescriptor.SessionIdOffset) = sessionId;
        *(int*)(header + DataHeaderDescriptor.StreamIdOffset) = streamId;
        *(int*)(header + DataHeaderDescriptor.TermIdOffset) = initialTermId;
    }
}
