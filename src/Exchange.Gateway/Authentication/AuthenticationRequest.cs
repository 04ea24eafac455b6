using System.Security.Cryptography;
using Exchange.Protocol.Text;

namespace Exchange.Gateway.Authentication;

/// <summary>
/// One password to check. Each connection owns one, made once and reused: the gateway thread fills it, the worker reads it and writes the
/// result, the gateway thread takes it back. The two never hold it at the same time; the queues between them are the fence.
/// </summary>
internal sealed class AuthenticationRequest(int slot)
{
    private readonly byte[] _password = new byte[PasswordHasher.PasswordLengthMax];
    private int _passwordLength;

    /// <summary>The hash to compare with; that of the dummy participant when the identity is unknown.</summary>
    public Digest32 Hash;

    /// <summary>The salt of the hash.</summary>
    public Digest16 Salt;

    /// <summary>The slot of the connection that asks; it is not given to another while the worker holds the request.</summary>
    public int Slot { get; } = slot;

    /// <summary>The participant's session; -1 when there is none.</summary>
    public int SessionId { get; set; }

    /// <summary>Iterations of PBKDF2.</summary>
    public int Iterations { get; set; }

    /// <summary>The outcome is failure whatever the hash says: unknown participant, wrong Username, no password or one that is too long.</summary>
    public bool MustFail { get; set; }

    /// <summary>Set by the worker: the password is right.</summary>
    public bool Succeeded { get; set; }

    /// <summary>Whether the worker holds the request.</summary>
    public bool InFlight { get; set; }

    /// <summary>The password, until <see cref="Wipe"/>.</summary>
    public ReadOnlySpan<byte> Password => _password.AsSpan(0, _passwordLength);

    /// <summary>Keeps a copy of the password for the worker; one that is absent or too long makes the request fail after the usual work.</summary>
    public void SetPassword(ReadOnlySpan<byte> password)
    {
        if (password.IsEmpty || password.Length > _password.Length)
        {
            MustFail = true;
            _passwordLength = 0;
            return;
        }

        password.CopyTo(_password);
        _passwordLength = password.Length;
    }

    /// <summary>Overwrites the password.</summary>
    public void Wipe()
    {
        CryptographicOperations.ZeroMemory(_password);
        _passwordLength = 0;
    }
}
