using System.Net;

namespace Exchange.Gateway;

/// <summary>How a gateway is set up. Every limit has a default that suits a development exchange.</summary>
public sealed record GatewayOptions
{
    /// <summary>Number of this gateway, from 1.</summary>
    public int GatewayId { get; init; } = 1;

    /// <summary>Where FIX clients connect; port 0 takes a free one.</summary>
    public IPEndPoint ListenEndPoint { get; init; } = new(IPAddress.Loopback, 9880);

    /// <summary>A second port, for TLS; null for none. The polled transport has none: a thread that spins has no time to encrypt.</summary>
    public GatewayTlsOptions? Tls { get; init; }

    /// <summary>Directory of the member's media driver (aeron.dir).</summary>
    public required string AeronDirectory { get; init; }

    /// <summary>Channel to and from the member.</summary>
    public string Channel { get; init; } = "aeron:ipc";

    /// <summary>Stream on which the member reads commands.</summary>
    public int IngressStreamId { get; init; } = 10;

    /// <summary>Stream on which the member writes events for this gateway; 0 means 1000 + <see cref="GatewayId"/>.</summary>
    public int EgressStreamId { get; init; }

    /// <summary>How sockets are read and written.</summary>
    public GatewayIoDriver IoDriver { get; init; } = GatewayIoDriver.Pipelines;

    /// <summary>Most connections open at once; further ones are closed when they come.</summary>
    public int ConnectionsMax { get; init; } = 1024;

    /// <summary>
    /// Most connections over which nobody has logged on yet. Beyond it the one that has gone longest without a Logon is closed for the next,
    /// so that idle connections crowd each other out and not the client that sends its Logon at once.
    /// </summary>
    public int ConnectionsBeforeLogonMax { get; init; } = 768;

    /// <summary>Most of them from one IPv4 address or one IPv6 network of 64 bits; further ones are closed when they come.</summary>
    public int ConnectionsBeforeLogonPerAddressMax { get; init; } = 256;

    /// <summary>Most bytes waiting for one client; a client further behind is dropped as a slow consumer.</summary>
    public int OutboundLimitBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>The same for a client that has asked for a resend, until it has caught up; about 200,000 reports.</summary>
    public int OutboundCatchUpLimitBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Bytes read for one connection before the next one has its turn; at least twice the longest message.</summary>
    public int InboundBufferBytes { get; init; } = 64 * 1024;

    /// <summary>Bytes in a row without a well-formed message, after which a logged-on connection is closed.</summary>
    public int GarbledBytesMax { get; init; } = 64 * 1024;

    /// <summary>
    /// Most session messages, UserRequests and invalid messages of a session in a second, ten seconds' worth of them at once; a session beyond
    /// that is logged out. Zero for no limit. Orders are not concerned.
    /// </summary>
    public int SessionMessagesPerSecondMax { get; init; } = 1_000;

    /// <summary>Most events taken from the member per duty cycle.</summary>
    public int EgressFragmentLimit { get; init; } = 256;

    /// <summary>How long a connection may take to send its Logon, to have its password checked, and to be answered.</summary>
    public TimeSpan LogonTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a session that a second connection asks for may take to prove that it is alive.</summary>
    public TimeSpan ProbeLimit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a client may take to read its last messages and close, once its session has ended.</summary>
    public TimeSpan CloseGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Pause between two attempts to attach to the member.</summary>
    public TimeSpan AttachRetry { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How long clients that connect while no member is attached wait for one. A member that restarts is back sooner, and the client
    /// notices nothing but a slow Logon; past this time clients are refused at once, so that they try another address.
    /// </summary>
    public TimeSpan UnattachedPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the gateway serves clients without a sign of life from its member; zero for ever, for a member that nobody can depose.
    /// </summary>
    public TimeSpan MemberLease { get; init; }

    /// <summary>How long an attempt to attach may take before it is given up and begun anew.</summary>
    public TimeSpan AttachTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Most passwords waiting to be checked.</summary>
    public int AuthenticationQueueMax { get; init; } = 64;

    /// <summary>Failed logons that one address may make at once; a connection without a Logon, or with something else first, is one too.</summary>
    public int LogonFailureBurst { get; init; } = 20;

    /// <summary>After this long the address may fail once more.</summary>
    public TimeSpan LogonFailureRefill { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Most lines per second in the log about closed connections; the rest is only counted.</summary>
    public int CloseLinesPerSecondMax { get; init; } = 50;

    /// <summary>The stream of events, with the default applied.</summary>
    internal int EffectiveEgressStreamId => EgressStreamId != 0 ? EgressStreamId : 1000 + GatewayId;
}
