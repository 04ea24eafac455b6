namespace Exchange.Gateway;

/// <summary>Where the gateway says what happened, one line at a time; never per message; from the gateway thread, and about certificates from others.</summary>
public interface IGatewayLog
{
    /// <summary>Something normal happened.</summary>
    void Information(string line);

    /// <summary>Something happened that an operator should look at.</summary>
    void Warning(string line);
}
