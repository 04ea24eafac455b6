// Problem: whoever reaches the port of a member must not become a member, and two members that do not fit must find out before the first
//          message, on both sides, with the reason.
// Idea:    five frames. Both sides prove that they know the cluster's key by HMAC-SHA256 over everything said so far:
//
//          dialler                                                acceptor
//          1 hello      version, role, key mark, nonce      ───▶
//                                                           ◀───  2 challenge  version, key mark, nonce
//          3 claim      identity, proof                     ───▶
//                                                           ◀───  4 answer     refusal or nothing, identity, proof
//          5 confirm    refusal or nothing, proof           ───▶
//
//          A proof covers a label of its step and all frames up to and including its own, hence both nonces, the role and every identity
//          said: it is worth nothing on another connection (replay), towards its own sender (reflection), or as another step. The key mark
//          is a one-way mark of the key; by it two members with different keys can name the mistake without telling the key.
// Covers:  who is at the other end (both ways), and that nobody altered the handshake. What follows is protected against accidents by a
//          CRC, not against somebody who can write into the connection, and is not encrypted: the network between the boxes is trusted
//          that far (decision 0007).
// Must hold: an acceptor says who it is only after the dialler has proved that it knows the key; nothing of a step is believed before its
//          proof is right; hostile bytes end in Foreign, never in an exception.
using System.Buffers.Binary;
using System.Security.Cryptography;
using Exchange.Protocol;

namespace Exchange.Cluster.Peers;

/// <summary>One side of the handshake of one connection: frames in, frames out; no I/O, no clock, no randomness.</summary>
internal sealed class PeerHandshake
{
    /// <summary>Longest refusal text, bytes.</summary>
    public const int ReasonBytesMax = 400;

    /// <summary>Longest payload of a step.</summary>
    public const int PayloadBytesMax = 640;

    /// <summary>Bytes of a nonce.</summary>
    public const int NonceBytes = 32;

    /// <summary>Bytes of a key.</summary>
    public const int KeyBytes = 32;

    /// <summary>Version of the handshake itself.</summary>
    public const byte Version = 1;

    private const uint Magic = 0x31504358; // "XCP1"
    private const int ProofBytes = 32;
    private const int MarkBytes = 8;
    private const int LabelBytes = 8;
    private const int StepHeaderBytes = 8;
    private const int HelloBytes = 16 + NonceBytes;
    private const byte StepHello = 1;
    private const byte StepChallenge = 2;
    private const byte StepClaim = 3;
    private const byte StepAnswer = 4;
    private const byte StepConfirm = 5;

    private readonly byte[] _key = new byte[KeyBytes];
    private readonly byte[] _mark = new byte[MarkBytes];
    private readonly byte[] _nonce = new byte[NonceBytes];

    // A label, then every payload so far: what a proof is computed over.
    private readonly byte[] _transcript = new byte[LabelBytes + (2 * HelloBytes) + (3 * PayloadBytesMax)];
    private readonly byte[] _scratch = new byte[PayloadBytesMax];
    private int _transcriptBytes;
    private byte _awaited;
    private PeerIdentity _self;
    private Guid _life;
    private int _expectedMemberId;

    /// <summary>Creates the machine for one key; it serves one connection after the other.</summary>
    public PeerHandshake(ReadOnlySpan<byte> key)
    {
        key.CopyTo(_key);
        Span<byte> hash = stackalloc byte[ProofBytes];
        _ = HMACSHA256.HashData(key, "exchange key mark"u8, hash);
        hash[..MarkBytes].CopyTo(_mark);
    }

    /// <summary>As what the dialler comes.</summary>
    public PeerRole Role { get; private set; }

    /// <summary>Whom the other side proved to be; once it has.</summary>
    public PeerIdentity Other { get; private set; }

    /// <summary>Differs with each start of the other process.</summary>
    public Guid OtherLife { get; private set; }

    /// <summary>Why it was refused, or is foreign.</summary>
    public string Reason { get; private set; } = string.Empty;

    /// <summary>Whether the refusal came from the other side.</summary>
    public bool IsRefusedByOther { get; private set; }

    /// <summary>The text that stands for a key.</summary>
    public string KeyMark => Convert.ToHexStringLower(_mark);

    /// <summary>Begins as the dialler and writes the first frame.</summary>
    /// <param name="role">As what we come.</param>
    /// <param name="self">Who we are.</param>
    /// <param name="life">Differs with each start of our process.</param>
    /// <param name="expectedMemberId">Whom we dial; 0 for anybody.</param>
    /// <param name="nonce">Fresh random bytes.</param>
    /// <param name="output">Takes the frame.</param>
    public void Dial(PeerRole role, in PeerIdentity self, Guid life, int expectedMemberId, ReadOnlySpan<byte> nonce, SendRing output)
    {
        Begin(self, life, expectedMemberId, nonce);
        Role = role;
        _awaited = StepChallenge;
        WriteHello(StepHello, output);
    }

    /// <summary>Begins as the acceptor.</summary>
    public void Accept(in PeerIdentity self, Guid life, ReadOnlySpan<byte> nonce)
    {
        Begin(self, life, 0, nonce);
        _awaited = StepHello;
    }

    /// <summary>Takes a step of the other side and writes the answer to it, if there is one.</summary>
    public PeerHandshakeStatus OnFrame(ReadOnlySpan<byte> payload, SendRing output, IPeerJudge judge)
    {
        if (payload.Length < StepHeaderBytes || payload.Length > PayloadBytesMax || payload[0] != _awaited)
        {
            return Foreign("what it sends is not the step that is due");
        }

        switch (_awaited)
        {
            case StepHello:
                return OnHello(payload, output);
            case StepChallenge:
                return OnChallenge(payload, output);
            case StepClaim:
                return OnClaim(payload, output, judge);
            case StepAnswer:
                return OnAnswer(payload, output, judge);
            default:
                return OnConfirm(payload);
        }
    }

    private PeerHandshakeStatus OnHello(ReadOnlySpan<byte> payload, SendRing output)
    {
        PeerRole role = (PeerRole)payload[2];
        if (!IsHello(payload) || role is not (PeerRole.Member or PeerRole.Operator))
        {
            return Foreign("its first bytes are not those of a member");
        }

        Role = role;
        Remember(payload);

        // Also when versions or keys differ: by the challenge the other side sees both values too.
        WriteHello(StepChallenge, output);
        _awaited = StepClaim;
        return IsSameKeyAndVersion(payload) ? PeerHandshakeStatus.Running : PeerHandshakeStatus.Foreign;
    }

    private PeerHandshakeStatus OnChallenge(ReadOnlySpan<byte> payload, SendRing output)
    {
        if (!IsHello(payload) || payload[2] != (byte)Role)
        {
            return Foreign("what it answers is not what a member answers");
        }

        if (!IsSameKeyAndVersion(payload))
        {
            return PeerHandshakeStatus.Foreign;
        }

        Remember(payload);
        Span<byte> step = Step(StepClaim);
        int length = StepHeaderBytes + PeerIdentityCodec.Write(step[StepHeaderBytes..], _self, _life);
        Prove(length, "claim"u8, output);
        _awaited = StepAnswer;
        return PeerHandshakeStatus.Running;
    }

    private PeerHandshakeStatus OnClaim(ReadOnlySpan<byte> payload, SendRing output, IPeerJudge judge)
    {
        if (!IsProved(payload, "claim"u8, out ReadOnlySpan<byte> body) || !PeerIdentityCodec.TryRead(body, out PeerIdentity other, out Guid life, out int used) || used != body.Length)
        {
            return Foreign("its proof of the cluster key is wrong");
        }

        Other = other;
        OtherLife = life;
        string? refusal = Role == PeerRole.Member ? judge.Judge(0, other, life) : null;
        Span<byte> step = Step(StepAnswer);
        int length = WriteReason(step, refusal);
        length += PeerIdentityCodec.Write(step[length..], _self, _life);
        Prove(length, "answer"u8, output);
        _awaited = StepConfirm;
        return refusal is null ? PeerHandshakeStatus.Running : Refused(refusal, byOther: false);
    }

    private PeerHandshakeStatus OnAnswer(ReadOnlySpan<byte> payload, SendRing output, IPeerJudge judge)
    {
        if (!IsProved(payload, "answer"u8, out _)
            || !TryReadReason(payload, out string? theirs, out ReadOnlySpan<byte> rest)
            || !PeerIdentityCodec.TryRead(rest, out PeerIdentity other, out Guid life, out int used)
            || used != rest.Length)
        {
            return Foreign("its proof of the cluster key is wrong");
        }

        Other = other;
        OtherLife = life;
        if (theirs is not null)
        {
            return Refused(theirs, byOther: true);
        }

        string? refusal = Role == PeerRole.Member ? judge.Judge(_expectedMemberId, other, life) : null;
        Prove(WriteReason(Step(StepConfirm), refusal), "confirm"u8, output);
        return refusal is null ? PeerHandshakeStatus.Connected : Refused(refusal, byOther: false);
    }

    private PeerHandshakeStatus OnConfirm(ReadOnlySpan<byte> payload)
    {
        if (!IsProved(payload, "confirm"u8, out _) || !TryReadReason(payload, out string? theirs, out ReadOnlySpan<byte> rest) || rest.Length != 0)
        {
            return Foreign("its proof of the cluster key is wrong");
        }

        return theirs is null ? PeerHandshakeStatus.Connected : Refused(theirs, byOther: true);
    }

    private void Begin(in PeerIdentity self, Guid life, int expectedMemberId, ReadOnlySpan<byte> nonce)
    {
        _self = self;
        _life = life;
        _expectedMemberId = expectedMemberId;
        nonce[..NonceBytes].CopyTo(_nonce);
        _transcriptBytes = LabelBytes;
        Other = default;
        OtherLife = default;
        Reason = string.Empty;
        IsRefusedByOther = false;
    }

    private void WriteHello(byte number, SendRing output)
    {
        Span<byte> step = Step(number);
        step[1] = Version;
        step[2] = (byte)Role;
        BinaryPrimitives.WriteUInt32LittleEndian(step[4..], Magic);
        _mark.CopyTo(step[8..]);
        _nonce.CopyTo(step[16..]);
        Send(HelloBytes, output);
    }

    private static bool IsHello(ReadOnlySpan<byte> payload) =>
        payload.Length == HelloBytes && payload[3] == 0 && BinaryPrimitives.ReadUInt32LittleEndian(payload[4..]) == Magic;

    private bool IsSameKeyAndVersion(ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<byte> mark = payload.Slice(8, MarkBytes);
        if (payload[1] != Version)
        {
            Reason = $"handshake version: {Version} here, {payload[1]} at the other side";
            return false;
        }

        if (!mark.SequenceEqual(_mark))
        {
            Reason = $"cluster key: mark {KeyMark} here, {Convert.ToHexStringLower(mark)} at the other side; both need the same cluster.key";
            return false;
        }

        return true;
    }

    private Span<byte> Step(byte number)
    {
        _scratch.AsSpan(0, StepHeaderBytes).Clear();
        _scratch[0] = number;
        return _scratch.AsSpan(0, PayloadBytesMax - ProofBytes);
    }

    private void Prove(int length, ReadOnlySpan<byte> label, SendRing output)
    {
        Span<byte> proof = stackalloc byte[ProofBytes];
        Proof(_scratch.AsSpan(0, length), label, proof);
        proof.CopyTo(_scratch.AsSpan(length));
        Send(length + ProofBytes, output);
    }

    private void Send(int length, SendRing output)
    {
        Remember(_scratch.AsSpan(0, length));

        // The ring of a connection that is not authenticated takes all five steps.
        Invariant.Require(output.TryWrite(PeerFrameKind.Handshake, _scratch.AsSpan(0, length)));
    }

    private bool IsProved(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> label, out ReadOnlySpan<byte> body)
    {
        body = default;
        if (payload.Length < StepHeaderBytes + ProofBytes)
        {
            return false;
        }

        Span<byte> proof = stackalloc byte[ProofBytes];
        ReadOnlySpan<byte> proved = payload[..^ProofBytes];
        Proof(proved, label, proof);
        if (!CryptographicOperations.FixedTimeEquals(proof, payload[^ProofBytes..]))
        {
            return false;
        }

        body = proved[StepHeaderBytes..];
        Remember(payload);
        return true;
    }

    private void Proof(ReadOnlySpan<byte> step, ReadOnlySpan<byte> label, Span<byte> proof)
    {
        Span<byte> front = _transcript.AsSpan(0, LabelBytes);
        front.Clear();
        label.CopyTo(front);
        step.CopyTo(_transcript.AsSpan(_transcriptBytes));
        _ = HMACSHA256.HashData(_key, _transcript.AsSpan(0, _transcriptBytes + step.Length), proof);
    }

    private void Remember(ReadOnlySpan<byte> payload)
    {
        payload.CopyTo(_transcript.AsSpan(_transcriptBytes));
        _transcriptBytes += payload.Length;
    }

    // The text stands behind the step's number and its length: 0 step, 2 length, 8 text.
    private static int WriteReason(Span<byte> step, string? reason)
    {
        int length = reason is null ? 0 : PeerText.Write(step.Slice(StepHeaderBytes, ReasonBytesMax), reason);
        BinaryPrimitives.WriteUInt16LittleEndian(step[2..], (ushort)length);
        return StepHeaderBytes + length;
    }

    private static bool TryReadReason(ReadOnlySpan<byte> payload, out string? reason, out ReadOnlySpan<byte> rest)
    {
        int length = BinaryPrimitives.ReadUInt16LittleEndian(payload[2..]);
        ReadOnlySpan<byte> body = payload[StepHeaderBytes..^ProofBytes];
        reason = null;
        rest = default;
        if (length > ReasonBytesMax || length > body.Length)
        {
            return false;
        }

        reason = length == 0 ? null : PeerText.Read(body[..length]);
        rest = body[length..];
        return true;
    }

    private PeerHandshakeStatus Refused(string reason, bool byOther)
    {
        Reason = reason;
        IsRefusedByOther = byOther;
        return PeerHandshakeStatus.Refused;
    }

    private PeerHandshakeStatus Foreign(string reason)
    {
        Reason = reason;
        return PeerHandshakeStatus.Foreign;
    }
}
