// Problem: an operator's tool must prove that it knows the cluster's key, and know that it talks with a member and not with something else
//          on that port, before it sends a request.
// Idea:    the dialling side of the same handshake, then frames of JSON: a request, any number of progress lines, one answer.
// Must hold: I/O-free; nothing is sent before both sides have proved themselves; hostile bytes end in Failed, never in an exception.
using System.Security.Cryptography;

namespace Exchange.Cluster.Peers;

/// <summary>An operator's side of a connection with a member: bytes in, bytes out.</summary>
public sealed class OperatorSession : IPeerJudge
{
    /// <summary>Longest request, bytes of UTF-8.</summary>
    public const int RequestBytesMax = TcpPeerTransport.RequestBytesMax;

    private readonly SendRing _ring = new(4 * RequestBytesMax);
    private readonly ReceiveBuffer _inbound = new(4 * IPeerTransport.MessageBytesMax);
    private readonly PeerHandshake _handshake;
    private int _consumed;

    /// <summary>Begins; the first bytes can be sent at once.</summary>
    /// <param name="key">The cluster's key, 32 bytes.</param>
    /// <param name="name">Who asks, for the member's log.</param>
    public OperatorSession(ReadOnlySpan<byte> key, string name)
    {
        if (key.Length != PeerHandshake.KeyBytes)
        {
            throw new ArgumentException($"the cluster key has {key.Length} bytes, it must have {PeerHandshake.KeyBytes}", nameof(key));
        }

        _handshake = new PeerHandshake(key);
        Span<byte> nonce = stackalloc byte[PeerHandshake.NonceBytes];
        RandomNumberGenerator.Fill(nonce);
        _handshake.Dial(PeerRole.Operator, new PeerIdentity { Release = name }, Guid.Empty, 0, nonce, _ring);
    }

    /// <summary>Where it stands.</summary>
    public OperatorSessionState State { get; private set; }

    /// <summary>Why it failed, in one line.</summary>
    public string Failure { get; private set; } = string.Empty;

    /// <summary>The member at the other end, once it is open.</summary>
    public PeerIdentity Member => _handshake.Other;

    /// <summary>Bytes to be sent next.</summary>
    public ReadOnlySpan<byte> Outgoing => _ring.Pending;

    /// <summary>Where received bytes go.</summary>
    public Span<byte> Space => _inbound.Space;

    /// <summary>So many of <see cref="Outgoing"/> were sent.</summary>
    public void Sent(int bytes) => _ring.Consume(bytes);

    /// <summary>So many bytes were put into <see cref="Space"/>.</summary>
    public void Received(int bytes)
    {
        _inbound.Add(bytes);
        while (State == OperatorSessionState.Opening && TryTake(PeerHandshake.PayloadBytesMax, out PeerFrameKind kind, out ReadOnlySpan<byte> payload))
        {
            if (kind != PeerFrameKind.Handshake)
            {
                Fail("what answers there is not a member");
                return;
            }

            PeerHandshakeStatus status = _handshake.OnFrame(payload, _ring, this);
            if (status == PeerHandshakeStatus.Connected)
            {
                State = OperatorSessionState.Open;
            }
            else if (status != PeerHandshakeStatus.Running)
            {
                Fail(_handshake.Reason);
            }
        }
    }

    /// <summary>Sends a request; false when the session is not open, or the request is too long.</summary>
    public bool TryRequest(ReadOnlySpan<byte> utf8Json) =>
        State == OperatorSessionState.Open && utf8Json.Length <= RequestBytesMax && _ring.TryWrite(PeerFrameKind.AdminRequest, utf8Json);

    /// <summary>Takes the next word of the member; false when none has arrived whole.</summary>
    /// <param name="utf8Json">One JSON value; valid until the next call.</param>
    /// <param name="isLast">False for progress, true for the answer.</param>
    public bool TryRead(out ReadOnlySpan<byte> utf8Json, out bool isLast)
    {
        utf8Json = default;
        isLast = false;
        if (State != OperatorSessionState.Open || !TryTake(IPeerTransport.MessageBytesMax, out PeerFrameKind kind, out ReadOnlySpan<byte> payload))
        {
            return false;
        }

        if (kind is not (PeerFrameKind.AdminProgress or PeerFrameKind.AdminAnswer))
        {
            Fail("the member sent what is not an answer");
            return false;
        }

        utf8Json = payload;
        isLast = kind == PeerFrameKind.AdminAnswer;
        return true;
    }

    /// <inheritdoc/>
    string? IPeerJudge.Judge(int expectedMemberId, in PeerIdentity other, Guid otherLife) => null;

    private bool TryTake(int payloadBytesMax, out PeerFrameKind kind, out ReadOnlySpan<byte> payload)
    {
        // What was handed out last stays where it is until the next is asked for.
        _inbound.Consume(_consumed);
        PeerFrameStatus status = PeerFrameDescriptor.Read(_inbound.Unread, payloadBytesMax, out kind, out payload, out _consumed);
        if (status == PeerFrameStatus.Malformed)
        {
            Fail("what answers there is not a member");
        }

        return status == PeerFrameStatus.Frame;
    }

    private void Fail(string why)
    {
        State = OperatorSessionState.Failed;
        Failure = why;
    }
}
