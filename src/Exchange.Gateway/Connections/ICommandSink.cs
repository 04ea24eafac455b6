namespace Exchange.Gateway.Connections;

/// <summary>Where commands go: the ingress publication, or a simulated one.</summary>
internal interface ICommandSink
{
    /// <summary>Takes a whole command, or refuses it for lack of room; the caller then keeps it and comes again.</summary>
    bool TryOffer(ReadOnlySpan<byte> command);
}
