using System.Net;

namespace Exchange.LatencyHarness;

/// <summary>A process of a running exchange.</summary>
/// <param name="Name">As in processes.json: member-1, gateway-1.</param>
/// <param name="ProcessId">Its number.</param>
/// <param name="Address">Where it serves FIX; null when it does not.</param>
internal sealed record ExchangePart(string Name, int ProcessId, EndPoint? Address);
