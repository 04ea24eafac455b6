namespace Exchange.Gateway;

/// <summary>Where the gateway says what happened, one line at a time; called on the gateway thread, never per message.</summary>
public interface IGatewayLog
{
    /// <summary>Something normal happened.</summary>
    void Information(string line);

    /// <summary>Something happened that an operator should look at.</summary>
    void Warning(string line);
}
