namespace Exchange.Ipc.Concurrent;

/// <summary>Receives messages of a ring or broadcast buffer. A struct, so that the call is direct.</summary>
public interface IMessageHandler
{
    /// <summary>One message; the span is valid during the call only.</summary>
    void OnMessage(int typeId, ReadOnlySpan<byte> message);
}
