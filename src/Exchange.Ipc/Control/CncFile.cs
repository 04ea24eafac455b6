// Problem: a client must find its driver, and both must tell a running peer from the files that a killed one left behind.
// Idea: one mapped file with a version stored last. The driver's heartbeat, its pid and (ours only) its pid namespace lie in it.
// What must hold: no length in the file is believed before it was checked against the file's real length.
using System.Diagnostics.CodeAnalysis;
using Exchange.Ipc.Concurrent;

namespace Exchange.Ipc.Control;

/// <summary>A mapped CnC file; see <see cref="CncFileDescriptor"/>.</summary>
public sealed unsafe class CncFile : IDisposable
{
    private readonly MappedFile _file;
    private readonly byte* _metadata;

    private CncFile(MappedFile file)
    {
        _file = file;
        _metadata = file.Address;
    }

    /// <summary>Path of the CnC file in a driver's directory.</summary>
    public static string PathIn(string aeronDirectory) => Path.Combine(aeronDirectory, CncFileDescriptor.FileName);

    /// <summary>0 until the driver is ready.</summary>
    public int Version => Volatile.Read(ref *(int*)(_metadata + CncFileDescriptor.VersionOffset)); // partner: SignalReady

    /// <summary>Nanoseconds after which the driver gives up a silent client.</summary>
    public long ClientLivenessTimeoutNs => *(long*)(_metadata + CncFileDescriptor.ClientLivenessTimeoutNsOffset);

    /// <summary>Epoch milliseconds of the driver's start.</summary>
    public long StartTimestampMs => *(long*)(_metadata + CncFileDescriptor.StartTimestampMsOffset);

    /// <summary>Process of the driver.</summary>
    public long Pid => *(long*)(_metadata + CncFileDescriptor.PidOffset);

    /// <summary>Pid namespace of the driver; 0 when it is an Aeron driver.</summary>
    public long PidNamespace => *(long*)(_metadata + CncFileDescriptor.PidNamespaceOffset);

    /// <summary>Bytes mapped.</summary>
    public long Length => _file.Length;

    private int ToDriverLength => *(int*)(_metadata + CncFileDescriptor.ToDriverLengthOffset);

    private int ToClientsLength => *(int*)(_metadata + CncFileDescriptor.ToClientsLengthOffset);

    private int CounterMetadataLength => *(int*)(_metadata + CncFileDescriptor.CounterMetadataLengthOffset);

    private int CounterValuesLength => *(int*)(_metadata + CncFileDescriptor.CounterValuesLengthOffset);

    private int ErrorLogLength => *(int*)(_metadata + CncFileDescriptor.ErrorLogLengthOffset);

    private byte* CountersMetadata => _metadata + CncFileDescriptor.MetadataLength + ToDriverLength + ToClientsLength;

    private byte* ErrorLog => CountersMetadata + CounterMetadataLength + CounterValuesLength;

    /// <summary>Creates the file for a driver; clients wait until <see cref="SignalReady"/>.</summary>
    /// <exception cref="IOException">Disk full, or the directory cannot be written.</exception>
    internal static CncFile Create(string aeronDirectory, CncSizes sizes, long clientLivenessTimeoutNs, int pageSize)
    {
        long length = CncFileDescriptor.MetadataLength + (long)sizes.ToDriver + sizes.ToClients + sizes.CounterMetadata + sizes.CounterValues + sizes.ErrorLog;
        MappedFile file = MappedFile.CreateNew(PathIn(aeronDirectory), Alignment.Align(length, pageSize));
        byte* metadata = file.Address;
        *(int*)(metadata + CncFileDescriptor.ToDriverLengthOffset) = sizes.ToDriver;
        *(int*)(metadata + CncFileDescriptor.ToClientsLengthOffset) = sizes.ToClients;
        *(int*)(metadata + CncFileDescriptor.CounterMetadataLengthOffset) = sizes.CounterMetadata;
        *(int*)(metadata + CncFileDescriptor.CounterValuesLengthOffset) = sizes.CounterValues;
        *(int*)(metadata + CncFileDescriptor.ErrorLogLengthOffset) = sizes.ErrorLog;
        *(long*)(metadata + CncFileDescriptor.ClientLivenessTimeoutNsOffset) = clientLivenessTimeoutNs;
        *(long*)(metadata + CncFileDescriptor.StartTimestampMsOffset) = Clock.EpochMs;
        *(long*)(metadata + CncFileDescriptor.PidOffset) = Environment.ProcessId;
        *(int*)(metadata + CncFileDescriptor.PageSizeOffset) = pageSize;
        *(long*)(metadata + CncFileDescriptor.PidNamespaceOffset) = ProcessProbe.PidNamespace;
        return new CncFile(file);
    }

    /// <summary>Maps a driver's file; null when there is none or it is not ready yet.</summary>
    /// <exception cref="IOException">It is there but of another version, or damaged.</exception>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The CncFile owns the mapping.")]
    public static CncFile? TryOpen(string aeronDirectory)
    {
        string path = PathIn(aeronDirectory);
        MappedFile? file = null;
        try
        {
            if (!File.Exists(path) || new FileInfo(path).Length < CncFileDescriptor.MetadataLength)
            {
                return null;
            }

            file = MappedFile.OpenExisting(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null; // a driver that replaces the file was between delete and create
        }

        CncFile cnc = new(file);
        if (cnc.Version == 0)
        {
            cnc.Dispose();
            return null;
        }

        string? fault = cnc.FindFault();
        if (fault != null)
        {
            cnc.Dispose();
            throw new IOException($"{path}: {fault}");
        }

        return cnc;
    }

    /// <summary>The ring for commands to the driver.</summary>
    public ManyToOneRingBuffer CreateToDriverRing() => new(_metadata + CncFileDescriptor.MetadataLength, ToDriverLength);

    /// <summary>The clients' end of the driver's answers.</summary>
    public BroadcastReceiver CreateToClientsReceiver() => new(_metadata + CncFileDescriptor.MetadataLength + ToDriverLength, ToClientsLength);

    /// <summary>The driver's end of its answers.</summary>
    internal BroadcastTransmitter CreateToClientsTransmitter() => new(_metadata + CncFileDescriptor.MetadataLength + ToDriverLength, ToClientsLength);

    /// <summary>The counters, to read.</summary>
    public CountersReader CreateCountersReader() =>
        new(CountersMetadata, CounterMetadataLength, CountersMetadata + CounterMetadataLength, CounterValuesLength);

    /// <summary>The counters, to give out.</summary>
    internal CounterTable CreateCounterTable() =>
        new(CountersMetadata, CounterMetadataLength, CountersMetadata + CounterMetadataLength, CounterValuesLength);

    /// <summary>The error log, to write.</summary>
    internal DistinctErrorLog CreateErrorLog() => new(ErrorLog, ErrorLogLength);

    /// <summary>Errors that the driver recorded.</summary>
    public IReadOnlyList<(string Text, int Count, long FirstMs, long LastMs)> ReadErrors() => DistinctErrorLog.Read(ErrorLog, ErrorLogLength);

    /// <summary>Lets clients in.</summary>
    internal void SignalReady() =>
        Volatile.Write(ref *(int*)(_metadata + CncFileDescriptor.VersionOffset), CncFileDescriptor.Version); // partner: Version, in clients

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private string? FindFault()
    {
        if (CncFileDescriptor.Major(Version) != CncFileDescriptor.Major(CncFileDescriptor.Version)
            || CncFileDescriptor.Minor(Version) < CncFileDescriptor.Minor(CncFileDescriptor.Version))
        {
            return $"CnC version {Version:x6} is not compatible with {CncFileDescriptor.Version:x6}; driver and client must be of compatible releases";
        }

        bool allPositive = CounterMetadataLength > 0 && CounterValuesLength > 0 && ErrorLogLength >= 0
            && Alignment.IsPowerOfTwo(ToDriverLength - RingBufferDescriptor.TrailerLength)
            && Alignment.IsPowerOfTwo(ToClientsLength - BroadcastDescriptor.TrailerLength)
            && CounterMetadataLength / CountersDescriptor.MetadataLength >= CounterValuesLength / CountersDescriptor.ValueLength;
        long total = CncFileDescriptor.MetadataLength + (long)ToDriverLength + ToClientsLength + CounterMetadataLength + CounterValuesLength + ErrorLogLength;
        return allPositive && total <= Length ? null : "section lengths do not fit the file; delete the directory when no driver runs";
    }
}
