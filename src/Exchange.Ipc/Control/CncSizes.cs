using Exchange.Ipc.Concurrent;

namespace Exchange.Ipc.Control;

/// <summary>Bytes of the sections of a CnC file.</summary>
/// <param name="ToDriver">Ring with trailer.</param>
/// <param name="ToClients">Broadcast buffer with trailer.</param>
/// <param name="CounterMetadata">Four times the values.</param>
/// <param name="CounterValues">128 a counter.</param>
/// <param name="ErrorLog">Distinct error log.</param>
internal readonly record struct CncSizes(int ToDriver, int ToClients, int CounterMetadata, int CounterValues, int ErrorLog)
{
    /// <summary>Sections for so many bytes of ring, of broadcast buffer and of error log, and so many counters.</summary>
    internal static CncSizes For(int ringCapacity, int broadcastCapacity, int counterCount, int errorLog) => new(
        ringCapacity + RingBufferDescriptor.TrailerLength,
        broadcastCapacity + BroadcastDescriptor.TrailerLength,
        counterCount * CountersDescriptor.MetadataLength,
        counterCount * CountersDescriptor.ValueLength,
        errorLog);
}
