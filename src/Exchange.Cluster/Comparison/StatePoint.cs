using System.Runtime.InteropServices;

namespace Exchange.Cluster.Comparison;

/// <summary>What a member's events amount to behind a command.</summary>
/// <param name="Position">Position in the log just behind the command.</param>
/// <param name="EventHash">Rolling hash over all event bytes up to there.</param>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal readonly record struct StatePoint(long Position, ulong EventHash);
