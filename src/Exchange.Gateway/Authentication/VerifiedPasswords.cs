// Problem: after a failover or a gateway restart every session reconnects at once, and each password costs tens of milliseconds.
// Idea:    remember, per session, a keyed fast hash of the last password that passed the slow check. The key is random and never leaves
//          the process, so the entry is of no use without the process's memory, and a wrong password still pays for the slow hash: guessing
//          gets no faster. Only a right password is recognised quickly, and that its logon succeeds tells the client as much anyway.
// Must hold: an entry counts only for exactly the hash and salt it was verified against, so a changed password ends it at once.
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Exchange.Protocol.Text;

namespace Exchange.Gateway.Authentication;

/// <summary>Recognises passwords that were verified before in this process. Used by the authentication worker alone.</summary>
internal sealed class VerifiedPasswords
{
    private const int FastHashBytes = 32;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly Dictionary<int, byte[]> _bySession = [];
    private readonly int _capacity;

    /// <summary>Creates a cache for at most <paramref name="capacity"/> sessions; further ones are simply not remembered.</summary>
    public VerifiedPasswords(int capacity) => _capacity = capacity;

    /// <summary>Whether this password passed before, for the definition as it stands now.</summary>
    public bool Contains(AuthenticationRequest request)
    {
        Span<byte> fast = stackalloc byte[FastHashBytes];
        Compute(request.Password, in request.Hash, in request.Salt, request.Iterations, fast);
        return _bySession.TryGetValue(request.SessionId, out byte[]? known) && CryptographicOperations.FixedTimeEquals(known, fast);
    }

    /// <summary>Remembers a password that has just been verified.</summary>
    public void Add(AuthenticationRequest request) =>
        Add(request.SessionId, request.Password, in request.Hash, in request.Salt, request.Iterations);

    /// <summary>Remembers the new password that has just been hashed, so that the next Logon with it is as quick as with the old one.</summary>
    public void AddNew(AuthenticationRequest request) =>
        Add(request.SessionId, request.NewPassword, in request.NewHash, in request.NewSalt, request.Iterations);

    private void Add(int sessionId, ReadOnlySpan<byte> password, in Digest32 hash, in Digest16 salt, int iterations)
    {
        if (_bySession.TryGetValue(sessionId, out byte[]? known))
        {
            Compute(password, in hash, in salt, iterations, known);
        }
        else if (_bySession.Count < _capacity)
        {
            byte[] fast = new byte[FastHashBytes];
            Compute(password, in hash, in salt, iterations, fast);
            _bySession.Add(sessionId, fast);
        }
    }

    private void Compute(ReadOnlySpan<byte> password, in Digest32 hash, in Digest16 salt, int iterations, Span<byte> target)
    {
        const int prefix = 32 + 16 + sizeof(int);
        Span<byte> message = stackalloc byte[prefix + PasswordHasher.PasswordLengthMax];
        ((ReadOnlySpan<byte>)hash).CopyTo(message);
        ((ReadOnlySpan<byte>)salt).CopyTo(message[32..]);
        MemoryMarshal.Write(message[48..], in iterations);
        password.CopyTo(message[prefix..]);
        HMACSHA256.HashData(_key, message[..(prefix + password.Length)], target);
        CryptographicOperations.ZeroMemory(message);
    }
}
