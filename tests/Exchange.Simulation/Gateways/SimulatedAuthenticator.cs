using System.Diagnostics.CodeAnalysis;
using Exchange.Gateway.Authentication;
using Exchange.Simulation.Engine;

namespace Exchange.Simulation.Gateways;

/// <summary>Checks passwords as slowly as a hash would, and finds right whoever exists: what is simulated is the time, not the cryptography.</summary>
internal sealed class SimulatedAuthenticator(SimulatedWorld world, Action wakeGateway) : IAuthenticator
{
    private const int RequestsMax = 4;
    private readonly Queue<AuthenticationRequest> _results = new();
    private int _pending;
    private bool _isGone;

    public bool TrySubmit(AuthenticationRequest request)
    {
        if (_pending >= RequestsMax)
        {
            return false;
        }

        _pending++;
        request.InFlight = true;
        world.After(world.Chance.Between(20_000, 3_000_000), () => Finish(request));
        return true;
    }

    public bool TryTakeResult([NotNullWhen(true)] out AuthenticationRequest? request)
    {
        if (!_results.TryDequeue(out request))
        {
            return false;
        }

        request.InFlight = false;
        return true;
    }

    public void Dispose() => _isGone = true;

    private void Finish(AuthenticationRequest request)
    {
        _pending--;
        request.Succeeded = !request.MustFail;
        request.Wipe();
        _results.Enqueue(request);
        if (!_isGone)
        {
            wakeGateway();
        }
    }
}
