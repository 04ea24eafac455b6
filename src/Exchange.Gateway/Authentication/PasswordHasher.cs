// Problem: the log and the gateways need to check a password without holding it.
// Idea:    PBKDF2-HMAC-SHA256 with a random salt per participant; the number of iterations travels with the hash, so it can be raised
//          for one participant at a time.
// Must hold: a comparison takes the same time whether it fails early or late; no method keeps, returns or logs the password.
using System.Security.Cryptography;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Gateway.Authentication;

/// <summary>Makes and checks the password hashes of <see cref="DefineParticipantCommand"/> (PBKDF2, RFC 8018 section 5.2, with HMAC-SHA256).</summary>
public static class PasswordHasher
{
    /// <summary>Iterations for production passwords: about a tenth of a second of one core.</summary>
    public const int DefaultIterations = 600_000;

    /// <summary>Iterations for the well-known passwords of a development exchange, where a slow hash protects nothing.</summary>
    public const int DevelopmentIterations = 10_000;

    /// <summary>More iterations than this are treated as a damaged definition.</summary>
    public const int IterationsMax = 10_000_000;

    /// <summary>Longest password checked, in bytes; a longer one never matches.</summary>
    public const int PasswordLengthMax = 128;

    /// <summary>Fills hash, salt and iterations of a definition from a password, with a fresh random salt.</summary>
    /// <param name="command">The definition to fill.</param>
    /// <param name="password">UTF-8 or ASCII bytes, 1 to <see cref="PasswordLengthMax"/>.</param>
    /// <param name="iterations">1 to <see cref="IterationsMax"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The password or the number of iterations is out of range.</exception>
    public static void SetPassword(ref DefineParticipantCommand command, ReadOnlySpan<byte> password, int iterations = DefaultIterations)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(iterations, IterationsMax);
        if (password.IsEmpty || password.Length > PasswordLengthMax)
        {
            throw new ArgumentOutOfRangeException(nameof(password), $"a password has 1 to {PasswordLengthMax} bytes");
        }

        RandomNumberGenerator.Fill(command.PasswordSalt);
        Rfc2898DeriveBytes.Pbkdf2(password, command.PasswordSalt, command.PasswordHash, iterations, HashAlgorithmName.SHA256);
        command.PasswordIterations = iterations;
    }

    /// <summary>Hashes a password with a fresh random salt.</summary>
    internal static void Hash(ReadOnlySpan<byte> password, int iterations, ref Digest32 hash, ref Digest16 salt)
    {
        RandomNumberGenerator.Fill(salt);
        Rfc2898DeriveBytes.Pbkdf2(password, salt, hash, Math.Clamp(iterations, 1, IterationsMax), HashAlgorithmName.SHA256);
    }

    /// <summary>Whether the password gives the hash; the time taken depends on the iterations only.</summary>
    public static bool Verify(ReadOnlySpan<byte> password, in Digest32 hash, in Digest16 salt, int iterations)
    {
        if (iterations is < 1 or > IterationsMax)
        {
            return false;
        }

        bool lengthIsValid = !password.IsEmpty && password.Length <= PasswordLengthMax;
        Span<byte> actual = stackalloc byte[32];
        Rfc2898DeriveBytes.Pbkdf2(lengthIsValid ? password : [], salt, actual, iterations, HashAlgorithmName.SHA256);
        bool equal = CryptographicOperations.FixedTimeEquals(actual, hash);
        CryptographicOperations.ZeroMemory(actual);
        return equal && lengthIsValid;
    }

    /// <summary>Does the work of so many iterations for nothing.</summary>
    internal static void Burn(int iterations)
    {
        if (iterations > 0)
        {
            Span<byte> nothing = stackalloc byte[32];
            Digest16 salt = default;
            Rfc2898DeriveBytes.Pbkdf2(ReadOnlySpan<byte>.Empty, salt, nothing, Math.Min(iterations, IterationsMax), HashAlgorithmName.SHA256);
        }
    }
}
