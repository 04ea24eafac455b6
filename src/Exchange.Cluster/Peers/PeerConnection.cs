using System.Net;
using System.Net.Sockets;

namespace Exchange.Cluster.Peers;

/// <summary>
/// A place for one connection, used again and again. Until the other side is known it has small buffers of its own, so that strangers cost
/// a fixed amount of memory; a member or an operator brings larger ones.
/// </summary>
internal sealed class PeerConnection
{
    private const int HandshakeReceiveBytes = 2048;
    private const int HandshakeSendBytes = 4096;

    private readonly ReceiveBuffer _smallInbound = new(HandshakeReceiveBytes);
    private readonly SendRing _smallRing = new(HandshakeSendBytes);
    private readonly byte[] _address = new byte[PeerSockets.AddressBytesMax];
    private int _addressBytes;
    private AddressFamily _family;

    /// <summary>Creates a place.</summary>
    public PeerConnection(int slot, ReadOnlySpan<byte> key)
    {
        Slot = slot;
        Handshake = new PeerHandshake(key);
        Ring = _smallRing;
        Inbound = _smallInbound;
    }

    /// <summary>Its number.</summary>
    public int Slot { get; }

    /// <summary>Counts the connections that had this place.</summary>
    public uint Generation { get; private set; } = 1;

    /// <summary>Tells this connection from all that had the place before.</summary>
    public ulong Tag => ((ulong)Generation << 8) | (uint)Slot;

    /// <summary>What it is good for.</summary>
    public PeerConnectionStage Stage { get; set; }

    /// <summary>The socket.</summary>
    public int Descriptor { get; private set; } = -1;

    /// <summary>Finds out who is there.</summary>
    public PeerHandshake Handshake { get; }

    /// <summary>What waits to be sent.</summary>
    public SendRing Ring { get; private set; }

    /// <summary>What has arrived.</summary>
    public ReceiveBuffer Inbound { get; private set; }

    /// <summary>Longest payload taken now.</summary>
    public int PayloadBytesMax { get; private set; }

    /// <summary>The member dialled or connected.</summary>
    public PeerChannel? Channel { get; set; }

    /// <summary>Which of the operators' buffers it has; -1 for none.</summary>
    public int OperatorPlace { get; set; } = -1;

    /// <summary>When it is closed unless it is authenticated before.</summary>
    public long DeadlineNs { get; set; }

    /// <summary>Whether it waits for the operating system to take more.</summary>
    public bool IsBlocked { get; set; }

    /// <summary>The error that sending ended with; 0 for none.</summary>
    public int SendError { get; set; }

    /// <summary>Whether the other side said that it closes on purpose.</summary>
    public bool HeardGoodbye { get; set; }

    /// <summary>Whether it is to be closed in the next turn.</summary>
    public bool IsDoomed { get; set; }

    /// <summary>The other side's address.</summary>
    public IPEndPoint Remote => PeerSockets.EndPoint(_address.AsSpan(0, _addressBytes), _family);

    /// <summary>Takes a socket.</summary>
    public void Open(int descriptor, PeerConnectionStage stage, ReadOnlySpan<byte> address, AddressFamily family, long deadlineNs)
    {
        Descriptor = descriptor;
        Stage = stage;
        address.CopyTo(_address);
        _addressBytes = address.Length;
        _family = family;
        DeadlineNs = deadlineNs;
        PayloadBytesMax = PeerHandshake.PayloadBytesMax;
    }

    /// <summary>Goes on with larger buffers; what the small ones still hold is taken along.</summary>
    public void Promote(PeerConnectionStage stage, ReceiveBuffer inbound, SendRing ring, int payloadBytesMax)
    {
        inbound.TakeFrom(_smallInbound);
        ring.TakeFrom(_smallRing);
        Inbound = inbound;
        Ring = ring;
        PayloadBytesMax = payloadBytesMax;
        Stage = stage;
    }

    /// <summary>Sends nothing more and waits for the other side's end.</summary>
    public void Part(long deadlineNs)
    {
        PeerSockets.EndSending(Descriptor);
        Detach();
        Stage = PeerConnectionStage.Parting;
        DeadlineNs = deadlineNs;
    }

    /// <summary>Closes the socket and frees the place.</summary>
    public void Close()
    {
        _ = PeerSockets.Close(Descriptor);
        Descriptor = -1;
        Generation++;
        Stage = PeerConnectionStage.Free;
        Detach();
    }

    private void Detach()
    {
        Ring.Clear();
        Inbound.Clear();
        _smallRing.Clear();
        _smallInbound.Clear();
        Ring = _smallRing;
        Inbound = _smallInbound;
        Channel = null;
        OperatorPlace = -1;
        IsBlocked = false;
        SendError = 0;
        HeardGoodbye = false;
        IsDoomed = false;
    }
}
