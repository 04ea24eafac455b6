namespace Exchange.Acceptance.Support;

/// <summary>An exchange that runs, however its processes were started.</summary>
internal interface IRunningExchange
{
    /// <summary>Folder whose cluster.yaml the operator's tools read.</summary>
    string Directory { get; }

    /// <summary>Ports of its gateways.</summary>
    IReadOnlyList<int> FixPorts { get; }

    /// <summary>What its processes said, for the message of a failure.</summary>
    string Describe();
}
