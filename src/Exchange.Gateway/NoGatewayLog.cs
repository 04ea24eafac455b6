namespace Exchange.Gateway;

/// <summary>Says nothing.</summary>
public sealed class NoGatewayLog : IGatewayLog
{
    /// <summary>The one instance.</summary>
    public static NoGatewayLog Instance { get; } = new();

    /// <inheritdoc/>
    public void Information(string line)
    {
    }

    /// <inheritdoc/>
    public void Warning(string line)
    {
    }
}
