using System.Diagnostics.CodeAnalysis;

namespace Exchange.Host.Conformance;

/// <summary>The acceptor did something else than the scenario says: ends the playing of that scenario.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Without the difference there is no failure.")]
[SuppressMessage("Design", "CA1064:Exceptions should be public", Justification = "It never leaves the player.")]
internal sealed class ScenarioFailure : Exception
{
    /// <summary>Creates the failure.</summary>
    /// <param name="difference">What differs, in one line.</param>
    /// <param name="received">The message that differs; null when it is not about one.</param>
    public ScenarioFailure(string difference, WireMessage? received = null)
        : base(difference) => Received = received;

    /// <summary>The message that differs; null when it is not about one.</summary>
    public WireMessage? Received { get; }
}
