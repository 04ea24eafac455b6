namespace Exchange.Gateway;

/// <summary>How the gateway reads and writes its sockets.</summary>
public enum GatewayIoDriver
{
    /// <summary>System.IO.Pipelines over asynchronous sockets; the thread sleeps until a socket or the exchange has something to say.</summary>
    Pipelines,

    /// <summary>Non-blocking sockets polled by a thread that spins; fewest wake-ups, for a core of its own.</summary>
    Polled,
}
