using Exchange.Gateway.Authentication;
using Exchange.Protocol.Commands;

namespace Exchange.Gateway.Tests.Authentication;

public class PasswordHasherTests
{
    [Fact]
    public void The_right_password_verifies_and_a_wrong_one_does_not()
    {
        DefineParticipantCommand command = Define("secret"u8);

        Assert.True(Verify("secret"u8, in command));
        Assert.False(Verify("Secret"u8, in command));
        Assert.False(Verify("secret "u8, in command));
        Assert.False(Verify("secre"u8, in command));
        Assert.False(Verify([], in command));
    }

    [Fact]
    public void The_same_password_twice_gives_different_hashes()
    {
        DefineParticipantCommand first = Define("secret"u8);
        DefineParticipantCommand second = Define("secret"u8);

        Assert.False(((ReadOnlySpan<byte>)first.PasswordHash).SequenceEqual(second.PasswordHash));
        Assert.False(((ReadOnlySpan<byte>)first.PasswordSalt).SequenceEqual(second.PasswordSalt));
    }

    [Fact]
    public void The_hash_is_PBKDF2_with_HMAC_SHA256()
    {
        // RFC 7914, section 11: PBKDF2-HMAC-SHA-256 (P="passwd", S="salt", c=1), first 32 bytes; here through Verify with a 16-byte salt of
        // our own, so the expectation is computed with HMAC alone: one iteration is HMAC(P, S || 00000001).
        DefineParticipantCommand command = default;
        "0123456789abcdef"u8.CopyTo(command.PasswordSalt);
        byte[] block = [.. "0123456789abcdef"u8, 0, 0, 0, 1];
        System.Security.Cryptography.HMACSHA256.HashData("passwd"u8, block, command.PasswordHash);

        Assert.True(PasswordHasher.Verify("passwd"u8, in command.PasswordHash, in command.PasswordSalt, 1));
    }

    [Fact]
    public void A_password_that_is_empty_or_too_long_is_refused_when_set_and_never_matches()
    {
        DefineParticipantCommand command = default;
        byte[] tooLong = new byte[PasswordHasher.PasswordLengthMax + 1];

        Assert.Throws<ArgumentOutOfRangeException>(() => PasswordHasher.SetPassword(ref command, [], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => PasswordHasher.SetPassword(ref command, tooLong, 1));
        Assert.False(PasswordHasher.Verify(tooLong, in command.PasswordHash, in command.PasswordSalt, 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(PasswordHasher.IterationsMax + 1)]
    public void A_number_of_iterations_out_of_range_is_refused_when_set_and_never_matches(int iterations)
    {
        DefineParticipantCommand command = Define("secret"u8);

        Assert.False(PasswordHasher.Verify("secret"u8, in command.PasswordHash, in command.PasswordSalt, iterations));
        Assert.Throws<ArgumentOutOfRangeException>(() => PasswordHasher.SetPassword(ref command, "secret"u8, iterations));
    }

    private static DefineParticipantCommand Define(ReadOnlySpan<byte> password)
    {
        DefineParticipantCommand command = default;
        PasswordHasher.SetPassword(ref command, password, 100);
        return command;
    }

    private static bool Verify(ReadOnlySpan<byte> password, in DefineParticipantCommand command) =>
        PasswordHasher.Verify(password, in command.PasswordHash, in command.PasswordSalt, command.PasswordIterations);
}
