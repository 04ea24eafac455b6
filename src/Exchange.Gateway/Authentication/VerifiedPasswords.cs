// Problem: after a failover or a gateway restart every session reconnects at once, and each password costs tens of milliseconds.
// Idea:    remember, per session, a keyed fast hash of the last password that passed the slow check. The key is random and never leaves
//          the process, so the entry is of no use without the process's memory, and a wrong password still pays for the slow hash: guessing
//          gets no faster. Only a right password is recognised quickly, and that its logon succeeds tells the client as much anyway.
// Must hold: an entry counts only for exactly the hash and salt it was verified against, so a changed password ends it at once.
using System.Runtime.InteropServices;
using System.Security.Cryptography;

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
        Compute(request, fast);
        return _bySession.TryGetValue(request.SessionId, out byte[]? known) && CryptographicOperations.FixedTimeEquals(known, fast);
    }

    /// <summary>Remembers a password that has just been verified.</summary>
    public void Add(AuthenticationRequest request)
    {
        if (_bySession.TryGetValue(request.SessionId, out byte[]? known))
        {
            Compute(request, known);
        }
        else if (_bySession.Count < _capacity)
        {
            byte[] fast = new byte[FastHashBytes];
            Compute(request, fast);
            _bySession.Add(request.SessionId, fast);
        }
    }

    private void Compute(AuthenticationRequest request, Span<byte> target)
    {
        ReadOnlySpan<byte> password = request.Password;
        const int prefix = 32 + 16 + sizeof(int);
        Span<byte> message = stackalloc byte[prefix + PasswordHasher.PasswordLengthMax];
        ((ReadOnlySpan<byte>)request.Hash).CopyTo(message);
        ((ReadOnlySpan<byte>)request.Salt).CopyTo(message[32..]);
        int iterations = request.Iterations;
        MemoryMarshal.Write(message[48..], in iterations);
        password.CopyTo(message[prefix..]);
        HMACSHA256.HashData(_key, message[..(prefix + password.Length)], target);
        CryptographicOperations.ZeroMemory(message);
    }
}
