using Exchange.Gateway.Translation;

namespace Exchange.Gateway.Connections;

/// <summary>What all connections of one gateway share. One thread uses it.</summary>
internal sealed class ConnectionContext
{
    /// <summary>Room for the longest command.</summary>
    public const int CommandLengthMax = InboundTranslator.CommandLengthMax;

    private readonly Dictionary<int, SessionAllowance> _allowances = [];
    private readonly int _sessionMessagesPerSecondMax;

    /// <summary>Creates a context.</summary>
    public ConnectionContext(GatewayOptions options, GatewayCounters counters)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.InboundBufferBytes, 2 * Exchange.Fix.Framing.FixFramer.DefaultBodyLengthMax);
        Counters = counters;
        GatewayId = options.GatewayId;
        LogonTimeoutNs = Nanoseconds(options.LogonTimeout);
        ProbeLimitNs = Nanoseconds(options.ProbeLimit);
        CloseGraceNs = Nanoseconds(options.CloseGrace);
        OutboundLimitBytes = options.OutboundLimitBytes;
        OutboundCatchUpLimitBytes = Math.Max(options.OutboundLimitBytes, options.OutboundCatchUpLimitBytes);
        GarbledBytesMax = options.GarbledBytesMax;
        _sessionMessagesPerSecondMax = options.SessionMessagesPerSecondMax;
    }

    /// <summary>Counters.</summary>
    public GatewayCounters Counters { get; }

    /// <summary>Participants.</summary>
    public SessionDirectory Directory { get; } = new();

    /// <summary>Symbols.</summary>
    public InstrumentNames Instruments { get; set; } = new();

    /// <summary>FIX to commands.</summary>
    public InboundTranslator Translator { get; } = new();

    /// <summary>Events to FIX.</summary>
    public EventEncoder Encoder { get; } = new();

    /// <summary>Where a command is put together before it is offered.</summary>
    public byte[] Scratch { get; } = GC.AllocateArray<byte>(CommandLengthMax, pinned: true);

    /// <summary>This gateway.</summary>
    public int GatewayId { get; }

    /// <summary>This life of the gateway's attachment.</summary>
    public long Incarnation { get; set; }

    /// <summary>The term in which the gateway attached.</summary>
    public long LeadershipTerm { get; set; }

    /// <summary>See <see cref="GatewayOptions.LogonTimeout"/>.</summary>
    public long LogonTimeoutNs { get; }

    /// <summary>See <see cref="GatewayOptions.ProbeLimit"/>.</summary>
    public long ProbeLimitNs { get; }

    /// <summary>See <see cref="GatewayOptions.CloseGrace"/>.</summary>
    public long CloseGraceNs { get; }

    /// <summary>See <see cref="GatewayOptions.OutboundLimitBytes"/>.</summary>
    public int OutboundLimitBytes { get; }

    /// <summary>See <see cref="GatewayOptions.OutboundCatchUpLimitBytes"/>.</summary>
    public int OutboundCatchUpLimitBytes { get; }

    /// <summary>See <see cref="GatewayOptions.GarbledBytesMax"/>.</summary>
    public int GarbledBytesMax { get; }

    /// <summary>Set by a connection that needs its owner before the next tick of the timers: to close it, to check a password, to offer again.</summary>
    public bool AttentionNeeded { get; set; }

    /// <summary>What a session may send; the same for all of its connections, also in another life of the gateway's attachment.</summary>
    public SessionAllowance AllowanceOf(int sessionId)
    {
        if (!_allowances.TryGetValue(sessionId, out SessionAllowance? allowance))
        {
            allowance = new SessionAllowance(_sessionMessagesPerSecondMax);
            _allowances.Add(sessionId, allowance);
        }

        return allowance;
    }

    private static long Nanoseconds(TimeSpan span) => span.Ticks * 100;
}
