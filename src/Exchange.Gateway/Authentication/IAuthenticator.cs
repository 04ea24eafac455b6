using System.Diagnostics.CodeAnalysis;

namespace Exchange.Gateway.Authentication;

/// <summary>Checks passwords off the gateway thread.</summary>
internal interface IAuthenticator : IDisposable
{
    /// <summary>Hands a request over; false when too many wait.</summary>
    bool TrySubmit(AuthenticationRequest request);

    /// <summary>Takes a finished request back.</summary>
    bool TryTakeResult([NotNullWhen(true)] out AuthenticationRequest? request);
}
