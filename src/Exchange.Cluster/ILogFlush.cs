namespace Exchange.Cluster;

/// <summary>Who makes the log durable: a thread beside the member, or a simulation at a time of its choice.</summary>
internal interface ILogFlush : IDisposable
{
    /// <summary>Why nothing can be made durable any more; null while all is well.</summary>
    Exception? Failure { get; }

    /// <summary>Something was appended.</summary>
    void Wake();
}
