using System.Buffers.Binary;
using Exchange.Cluster.Peers;

namespace Exchange.Cluster.Tests.Peers;

/// <summary>What reaches the port and is no member, or no longer behaves like one, is dropped; members that talk meanwhile notice nothing.</summary>
public sealed class HostilePeerTests : IDisposable
{
    private readonly PeerNode _a = new(1);
    private readonly PeerNode _b = new(2);
    private long _sent;

    public HostilePeerTests() => PeerCluster.Connect(_a, _b);

    public void Dispose()
    {
        // Every test ends with the members as they were.
        Assert.Equal(["+2"], _a.Story);
        Assert.Equal(["+1"], _b.Story);
        PeerCluster.Until(() => _b.Received == _sent, _a, _b);
        _a.Dispose();
        _b.Dispose();
    }

    [Fact]
    public void Random_bytes_are_dropped()
    {
        Random random = new(3);
        for (int i = 0; i < 300; i++)
        {
            using RawPeer raw = new(_a);
            byte[] bytes = new byte[random.Next(8, 3000)];
            random.NextBytes(bytes);
            raw.Send(bytes);
            Talk(() => !raw.Look());
        }

        Assert.Equal(300, _a.Transport.ForeignConnections);
        Assert.Single(_a.Lines, static line => line.Contains("was dropped", StringComparison.Ordinal));
    }

    [Fact]
    public void Frames_that_are_sealed_well_but_mean_nothing_are_dropped()
    {
        Random random = new(4);
        for (int i = 0; i < 300; i++)
        {
            using RawPeer raw = new(_a);
            byte[] payload = new byte[random.Next(0, 700)];
            random.NextBytes(payload);
            raw.Frame((PeerFrameKind)random.Next(1, 8), payload);
            Talk(() => !raw.Look());
        }

        Assert.Equal(300, _a.Transport.ForeignConnections);
    }

    [Fact]
    public void A_length_beyond_the_limit_is_dropped_without_waiting_for_the_bytes()
    {
        using RawPeer raw = new(_a);
        byte[] header = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(header, PeerHandshake.PayloadBytesMax + 1 | ((uint)PeerFrameKind.Handshake << 24));
        raw.Send(header);
        Talk(() => !raw.Look());
    }

    [Fact]
    public void Who_dribbles_bytes_is_dropped_when_its_time_is_over()
    {
        using RawPeer raw = new(_a);
        byte[] hello = new byte[PeerFrameDescriptor.FrameBytes(48)];
        BinaryPrimitives.WriteUInt32LittleEndian(hello, 48 | ((uint)PeerFrameKind.Handshake << 24));
        for (int i = 0; i < hello.Length - 1; i++)
        {
            raw.Send(hello.AsSpan(i, 1));
            Talk();
        }

        Assert.True(raw.Look());
        _a.SkewNs += 2_100_000_000;
        _b.SkewNs = _a.SkewNs;
        Talk(() => !raw.Look());
        Assert.Contains(_a.Lines, static line => line.Contains("did not finish the handshake in time", StringComparison.Ordinal));
    }

    [Fact]
    public void Any_number_of_silent_connections_takes_a_fixed_number_of_places_and_a_member_still_gets_in()
    {
        List<RawPeer> silent = [];
        for (int i = 0; i < 200; i++)
        {
            silent.Add(new RawPeer(_a));
            Talk();
        }

        Talk(() => silent.Count(static raw => raw.Look()) <= 32);
        PeerNode c = new(3);
        PeerCluster.Connect(_a, _b, c);
        silent.ForEach(static raw => raw.Dispose());
        PeerCluster.Introduce(_a, _b);
        PeerCluster.Until(() => c.Story.Count == 4, _a, _b, c);
        Assert.Equal(["-1", "-2"], c.Story.Skip(2).Order());
        c.Dispose();
        Assert.Equal(["+2", "+3", "-3"], _a.Story);
        _a.Story.RemoveRange(1, 2);
        _b.Story.RemoveRange(1, 2);
    }

    [Theory]
    [InlineData("a wrong checksum")]
    [InlineData("too long")]
    [InlineData("a message of one byte")]
    [InlineData("a handshake once more")]
    [InlineData("an operator's request")]
    [InlineData("a ping with contents")]
    [InlineData("an unknown kind")]
    [InlineData("bits in the padding")]
    public void An_authenticated_member_that_sends_nonsense_is_disconnected(string what)
    {
        using PeerNode victim = new(1);
        using PeerNode member = new(2);
        PeerCluster.Introduce(victim, member);
        using RawPeer raw = new(victim);
        Assert.Equal(PeerHandshakeStatus.Connected, raw.Handshake(victim, RawPeer.Identity(2)));
        PeerCluster.Until(() => victim.Story.Count == 1, victim);
        raw.Frame(PeerFrameKind.Message, 1, 0, 7);
        PeerCluster.Until(() => victim.Received == 1, victim);
        byte[] frame = new byte[PeerFrameDescriptor.FrameBytes(3)];
        PeerFrameDescriptor.Seal(frame, PeerFrameKind.Message, 3);
        switch (what)
        {
            case "a wrong checksum":
                frame[9] ^= 1;
                raw.Send(frame);
                break;
            case "too long":
                BinaryPrimitives.WriteUInt32LittleEndian(frame, IPeerTransport.MessageBytesMax + 1 | ((uint)PeerFrameKind.Message << 24));
                raw.Send(frame);
                break;
            case "a message of one byte":
                raw.Frame(PeerFrameKind.Message, 1);
                break;
            case "a handshake once more":
                raw.Frame(PeerFrameKind.Handshake, 1, 2, 3);
                break;
            case "an operator's request":
                raw.Frame(PeerFrameKind.AdminRequest, (byte)'{', (byte)'}');
                break;
            case "a ping with contents":
                raw.Frame(PeerFrameKind.Ping, 1);
                break;
            case "an unknown kind":
                PeerFrameDescriptor.Seal(frame, (PeerFrameKind)99, 3);
                raw.Send(frame);
                break;
            default:
                frame[^1] = 1;
                raw.Send(frame);
                break;
        }

        PeerCluster.Until(() => victim.Story.Count == 2, victim);
        Assert.Equal(["+2", "-2"], victim.Story);
        Assert.Equal(1, victim.Received);
        Assert.Equal(1, victim.Transport.MalformedFrames);
    }

    [Fact]
    public void A_recorded_member_is_not_connected_again()
    {
        // The recording is what a real member 3 said to a listener that knows the key; the nonce of the next connection differs.
        HandshakeSide dialler = new(3, PeerCluster.Key, 1, PeerRole.Member);
        List<byte[]> recorded = HandshakeSide.Converse(dialler, new HandshakeSide(1, PeerCluster.Key, 2, null));
        using RawPeer raw = new(_a);
        raw.Send(recorded[0]);
        raw.Send(recorded[2]);
        raw.Send(recorded[4]);
        Talk(() => !raw.Look());
        Assert.Equal(1, _a.Transport.ForeignConnections);
        Assert.Contains(_a.Lines, static line => line.Contains("its proof of the cluster key is wrong", StringComparison.Ordinal));
    }

    /// <summary>Lets the members talk until something has happened.</summary>
    private void Talk(Func<bool>? until = null)
    {
        _ = PeerCluster.Turn(_a, _b);
        PeerCluster.Until(
            () =>
            {
                _sent += _a.TrySend(2, [1, 0, 2, 3]) ? 1 : 0;
                return until?.Invoke() ?? true;
            },
            _a,
            _b);
    }
}
