using System.Diagnostics;
using Exchange.Gateway.Authentication;
using Exchange.Gateway.Connections;
using Exchange.Gateway.Transport;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

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
    public void How_long_a_refusal_takes_does_not_tell_names_with_few_iterations_from_names_that_nobody_has()
    {
        SessionDirectory directory = new();
        Define(directory, 0, "CHEAP", 1_000);
        Define(directory, 1, "DEAR", 400_000);
        TimeSpan cheap = TimeOfRefusal(directory, "CHEAP"u8);
        TimeSpan dear = TimeOfRefusal(directory, "DEAR"u8);
        TimeSpan nobody = TimeOfRefusal(directory, "NOBODY"u8);

        // Each is the fastest of several, so a busy machine does not matter much; by their own iterations the factor would be four hundred.
        Assert.True(cheap > nobody / 3 && nobody > cheap / 3 && dear > nobody / 3 && nobody > dear / 3, $"few iterations {cheap}, many {dear}, nobody {nobody}");
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

    private static void Define(SessionDirectory directory, int sessionId, string name, int iterations)
    {
        DefineParticipantCommand definition = default;
        definition.SenderCompId = Text40.From(name);
        definition.TargetCompId = Text40.From("EXCH");
        definition.BeginString = Text16.From("FIX.4.4");
        definition.TimestampDecimals = 3;
        PasswordHasher.SetPassword(ref definition, "secret"u8, iterations);
        Assert.True(directory.Define(sessionId, in definition));
    }

    private TimeSpan TimeOfRefusal(SessionDirectory directory, ReadOnlySpan<byte> name)
    {
        TimeSpan fastest = TimeSpan.MaxValue;
        for (int i = 0; i < 4; i++)
        {
            AuthenticationRequest request = new(slot: 0);
            Participant? participant = directory.Find(name, "EXCH"u8);
            directory.FillHash(request, participant);
            request.MustFail = participant is null;
            request.SetPassword("guess"u8);
            TimeSpan time = Time(request);
            Assert.False(request.Succeeded);
            fastest = time < fastest ? time : fastest;
        }

        return fastest;
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
