using System.Net;
using System.Net.Security;

namespace Exchange.Host.Conformance;

/// <summary>Who is played against, and as whom.</summary>
internal sealed record ConformanceOptions
{
    /// <summary>The acceptor.</summary>
    public required EndPoint Address { get; init; }

    /// <summary>SenderCompIDs of the clients A and B; the second may be missing, then scenarios with two clients are skipped.</summary>
    public required IReadOnlyList<string> Senders { get; init; }

    /// <summary>The acceptor's CompID.</summary>
    public required string Target { get; init; }

    /// <summary>Username (553); null for the sender, empty for none.</summary>
    public string? Username { get; init; }

    /// <summary>Password (554); null for the sender, empty for none.</summary>
    public string? Password { get; init; }

    /// <summary>An instrument with a tick of 0.01 and a quantity step of 1, in whose book nobody else trades meanwhile.</summary>
    public string Symbol { get; init; } = "AAPL";

    /// <summary>How long a message may take that no rule about time is about.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The command of the acceptor's operator, a program and its first arguments; the words of a scenario's operator line follow. Empty when
    /// there is none: scenarios that need one are skipped.
    /// </summary>
    public IReadOnlyList<string> Operator { get; init; } = [];

    /// <summary>How TLS is spoken; null for plain TCP.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }
}
