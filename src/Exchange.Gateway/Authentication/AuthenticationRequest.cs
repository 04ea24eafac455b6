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
    private readonly byte[] _newPassword = new byte[PasswordHasher.PasswordLengthMax];
    private int _passwordLength;
    private int _newPasswordLength;

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

    /// <summary>Iterations that a failure costs, whoever is named: those of the dearest participant.</summary>
    public int FailureIterations { get; set; }

    /// <summary>The outcome is failure whatever the hash says: unknown participant, wrong Username, no password or one that is too long.</summary>
    public bool MustFail { get; set; }

    /// <summary>A new password came with it, to be hashed when the old one is right.</summary>
    public bool HasNewPassword => _newPasswordLength > 0;

    /// <summary>Set by the worker: hash of the new password.</summary>
    public Digest32 NewHash;

    /// <summary>Set by the worker: salt of the new hash.</summary>
    public Digest16 NewSalt;

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

    /// <summary>The new password, until <see cref="Wipe"/>; empty when there is none.</summary>
    public ReadOnlySpan<byte> NewPassword => _newPassword.AsSpan(0, _newPasswordLength);

    /// <summary>Keeps a copy of a new password for the worker; false when it cannot be one.</summary>
    public bool TrySetNewPassword(ReadOnlySpan<byte> password)
    {
        _newPasswordLength = 0;
        if (password.IsEmpty || password.Length > _newPassword.Length)
        {
            return false;
        }

        password.CopyTo(_newPassword);
        _newPasswordLength = password.Length;
        return true;
    }

    /// <summary>Overwrites the passwords.</summary>
    public void Wipe()
    {
        CryptographicOperations.ZeroMemory(_password);
        CryptographicOperations.ZeroMemory(_newPassword);
        _passwordLength = 0;
        _newPasswordLength = 0;
    }
}
