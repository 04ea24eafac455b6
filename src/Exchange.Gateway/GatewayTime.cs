namespace Exchange.Gateway;

/// <summary>One reading of a <see cref="GatewayClock"/>; a duty cycle takes one and hands it to everything it does.</summary>
/// <param name="MonotonicNs">For timers.</param>
/// <param name="UnixNs">For comparing with what clients send, and for measurement.</param>
public readonly record struct GatewayTime(long MonotonicNs, long UnixNs);
