namespace Exchange.Host.Operations;

/// <summary>A member as the cluster file or the command line names it.</summary>
/// <param name="Id">Its id; 0 while only its address is known.</param>
/// <param name="Kind">engine or witness; empty while only its address is known.</param>
/// <param name="PeerAddress">HOST:PORT for members and operators.</param>
/// <param name="FixAddress">HOST:PORT for clients; empty for a witness.</param>
internal sealed record OperatorMember(int Id, string Kind, string PeerAddress, string FixAddress)
{
    /// <summary>How messages call it.</summary>
    public string Name => Id > 0 ? $"member {Id} at {PeerAddress}" : $"the member at {PeerAddress}";
}
