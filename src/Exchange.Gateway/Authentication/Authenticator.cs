// Problem: one PBKDF2 check takes as long as ten thousand orders, so it must not run on the gateway thread.
// Idea:    one worker thread behind a bounded queue. A request belongs to its connection; it travels to the worker and back, and the
//          gateway thread is woken when it returns.
// Must hold: every request that fails does the same work whether the participant exists or not, and however few iterations its own password
//          has, or how soon it fails would tell which names exist; a full queue refuses (the connection asks again
//          next cycle, until its logon timeout); the password is overwritten as soon as the result is known.
using System.Collections.Concurrent;
using Exchange.Gateway.Transport;

namespace Exchange.Gateway.Authentication;

/// <summary>Checks passwords on a worker thread.</summary>
internal sealed class Authenticator : IAuthenticator
{
    private readonly BlockingCollection<AuthenticationRequest> _requests;
    private readonly ConcurrentQueue<AuthenticationRequest> _results = new();
    private readonly VerifiedPasswords _verified;
    private readonly WakeSignal _signal;
    private readonly Thread _worker;

    /// <summary>Starts the worker.</summary>
    /// <param name="queueMax">Most requests waiting.</param>
    /// <param name="sessionsRememberedMax">Most sessions whose verified password is recognised quickly.</param>
    /// <param name="signal">Set when a result is there.</param>
    public Authenticator(int queueMax, int sessionsRememberedMax, WakeSignal signal)
    {
        _requests = new BlockingCollection<AuthenticationRequest>(queueMax);
        _verified = new VerifiedPasswords(sessionsRememberedMax);
        _signal = signal;
        _worker = new Thread(Run) { Name = "gateway-passwords", IsBackground = true };
        _worker.Start();
    }

    /// <inheritdoc/>
    public bool TrySubmit(AuthenticationRequest request)
    {
        request.InFlight = true;
        if (_requests.TryAdd(request))
        {
            return true;
        }

        request.InFlight = false;
        return false;
    }

    /// <inheritdoc/>
    public bool TryTakeResult([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out AuthenticationRequest? request)
    {
        if (!_results.TryDequeue(out request))
        {
            return false;
        }

        request.InFlight = false;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _requests.CompleteAdding();
        _worker.Join();
        _requests.Dispose();
    }

    private void Run()
    {
        foreach (AuthenticationRequest request in _requests.GetConsumingEnumerable())
        {
            request.Succeeded = Check(request);
            if (request.Succeeded && request.HasNewPassword)
            {
                PasswordHasher.Hash(request.NewPassword, request.Iterations, ref request.NewHash, ref request.NewSalt);
                _verified.AddNew(request);
            }

            request.Wipe();
            _results.Enqueue(request);
            _signal.Set();
        }
    }

    private bool Check(AuthenticationRequest request)
    {
        // Both lookups run for a request that must fail too, so that its work does not differ from a wrong password's.
        bool known = _verified.Contains(request);
        if (known && !request.MustFail)
        {
            return true;
        }

        bool matches = PasswordHasher.Verify(request.Password, in request.Hash, in request.Salt, request.Iterations);
        if (!matches || request.MustFail)
        {
            int done = request.Iterations is >= 1 and <= PasswordHasher.IterationsMax ? request.Iterations : 0;
            PasswordHasher.Burn(request.FailureIterations - done);
            return false;
        }

        _verified.Add(request);
        return true;
    }
}
