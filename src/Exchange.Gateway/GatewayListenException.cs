namespace Exchange.Gateway;

/// <summary>The gateway cannot listen where it should; the message is one line that says where, why and what to do.</summary>
public sealed class GatewayListenException : Exception
{
    /// <summary>Creates the exception without a message.</summary>
    public GatewayListenException()
    {
    }

    /// <summary>Creates the exception with its line.</summary>
    public GatewayListenException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its line and cause.</summary>
    public GatewayListenException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
