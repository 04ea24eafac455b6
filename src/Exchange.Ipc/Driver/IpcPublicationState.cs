namespace Exchange.Ipc.Driver;

/// <summary>Life of a publication in the driver.</summary>
internal enum IpcPublicationState
{
    /// <summary>It has an owner and takes subscribers.</summary>
    Active,

    /// <summary>All owners are gone; subscribers read what was committed.</summary>
    Draining,

    /// <summary>Subscribers were told that the image ended; the file stays for those still reading.</summary>
    Linger,
}
