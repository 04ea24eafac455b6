using System.Diagnostics;
using Exchange.Gateway.Authentication;
using Exchange.Gateway.Transport;
using Exchange.Protocol.Commands;

namespace Exchange.Gateway.Tests.Authentication;

public sealed class AuthenticatorTests : IDisposable
{
    private readonly WakeSignal _signal = new();
    private readonly Authenticator _authenticator;

    public AuthenticatorTests() => _authenticator = new Authenticator(queueMax: 4, sessionsRememberedMax: 8, _signal);

    public void Dispose()
    {
        _authenticator.Dispose();
        _signal.Dispose();
    }

    [Fact]
    public void The_right_password_succeeds_a_wrong_one_fails_and_both_are_wiped()
    {
        AuthenticationRequest right = Request("secret"u8);
        AuthenticationRequest wrong = Request("guess"u8);

        Assert.True(Check(right).Succeeded);
        Assert.False(Check(wrong).Succeeded);
        Assert.True(right.Password.IsEmpty);
        Assert.True(wrong.Password.IsEmpty);
    }

    [Fact]
    public void A_request_that_must_fail_fails_even_with_the_right_password()
    {
        AuthenticationRequest request = Request("secret"u8);
        Assert.True(Check(request).Succeeded);

        request.SetPassword("secret"u8);
        request.MustFail = true;

        Assert.False(Check(request).Succeeded);
    }

    [Fact]
    public void A_password_verified_once_is_recognised_quickly_until_the_definition_changes()
    {
        AuthenticationRequest request = Request("secret"u8, iterations: 200_000);
        TimeSpan first = Time(request);

        request.SetPassword("secret"u8);
        TimeSpan second = Time(request);
        Assert.True(request.Succeeded);
        Assert.True(second < first / 2, $"{second} against {first}");

        DefineParticipantCommand changed = default;
        PasswordHasher.SetPassword(ref changed, "other"u8, 10);
        request.Hash = changed.PasswordHash;
        request.Salt = changed.PasswordSalt;
        request.Iterations = changed.PasswordIterations;
        request.SetPassword("secret"u8);
        Assert.False(Check(request).Succeeded);
    }

    [Fact]
    public void A_full_queue_refuses()
    {
        List<AuthenticationRequest> accepted = [];
        AuthenticationRequest? refused = null;
        while (refused is null && accepted.Count < 100)
        {
            AuthenticationRequest request = Request("guess"u8);
            request.Iterations = 500_000;
            if (_authenticator.TrySubmit(request))
            {
                accepted.Add(request);
            }
            else
            {
                refused = request;
            }
        }

        // Four wait and one is being worked on, perhaps one more was taken meanwhile.
        Assert.NotNull(refused);
        Assert.False(refused.InFlight);
        Assert.InRange(accepted.Count, 4, 8);
        for (int i = 0; i < accepted.Count; i++)
        {
            TakeResult();
        }
    }

    private static AuthenticationRequest Request(ReadOnlySpan<byte> password, int iterations = 10)
    {
        DefineParticipantCommand definition = default;
        PasswordHasher.SetPassword(ref definition, "secret"u8, iterations);
        AuthenticationRequest request = new(slot: 0)
        {
            Hash = definition.PasswordHash,
            Salt = definition.PasswordSalt,
            Iterations = iterations,
            SessionId = 3,
        };
        request.SetPassword(password);
        return request;
    }

    private TimeSpan Time(AuthenticationRequest request)
    {
        long start = Stopwatch.GetTimestamp();
        Check(request);
        return Stopwatch.GetElapsedTime(start);
    }

    private AuthenticationRequest Check(AuthenticationRequest request)
    {
        Assert.True(_authenticator.TrySubmit(request));
        return TakeResult();
    }

    private AuthenticationRequest TakeResult()
    {
        Stopwatch watch = Stopwatch.StartNew();
        AuthenticationRequest? result;
        while (!_authenticator.TryTakeResult(out result))
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), "no result");
            _signal.Wait(1_000_000);
        }

        return result;
    }
}
