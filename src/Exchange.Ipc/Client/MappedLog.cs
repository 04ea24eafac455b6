using Exchange.Ipc.LogBuffers;

namespace Exchange.Ipc.Client;

/// <summary>A log buffer that publications and images of one client share.</summary>
internal sealed class MappedLog
{
    internal MappedLog(long registrationId, LogBuffer log)
    {
        RegistrationId = registrationId;
        Log = log;
    }

    internal long RegistrationId { get; }

    internal LogBuffer Log { get; }

    internal int UseCount { get; set; }

    /// <summary>When the last user closed; the memory goes after the linger time.</summary>
    internal long ReleasedNs { get; set; }
}
