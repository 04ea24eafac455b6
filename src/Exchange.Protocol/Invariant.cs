using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Exchange.Protocol;

/// <summary>
/// Checks that stay on in Release. A broken invariant means that the state can no longer be trusted, so the process
/// stops; the log and a replica survive it. Refusals of business are events with a reason, never this.
/// </summary>
public static class Invariant
{
    /// <summary>Throws <see cref="InvariantException"/> when the condition does not hold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Require([DoesNotReturnIf(false)] bool condition, [CallerArgumentExpression(nameof(condition))] string? what = null)
    {
        if (!condition)
        {
            Throw(what);
        }
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Throw(string? what) => throw new InvariantException($"invariant broken: {what}");
}
