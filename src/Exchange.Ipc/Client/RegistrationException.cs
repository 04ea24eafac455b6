using Exchange.Ipc.Control;

namespace Exchange.Ipc.Client;

/// <summary>The driver refused a publication or subscription.</summary>
public sealed class RegistrationException : Exception
{
    /// <inheritdoc/>
    public RegistrationException()
    {
    }

    /// <inheritdoc/>
    public RegistrationException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public RegistrationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A refusal with its code.</summary>
    public RegistrationException(ControlErrorCode code, string message)
        : base(message)
    {
        Code = code;
    }

    /// <summary>The driver's code.</summary>
    public ControlErrorCode Code { get; }
}
