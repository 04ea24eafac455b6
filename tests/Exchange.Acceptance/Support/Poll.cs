using System.Diagnostics;

namespace Exchange.Acceptance.Support;

/// <summary>Waiting by asking: until a condition holds, or a deadline has passed.</summary>
internal static class Poll
{
    /// <summary>Generous, because other test projects and strangers share the machine; a condition that holds costs nothing of it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Waits until the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not hold in time; says what was waited for and what was seen instead.</exception>
    public static void Until(Func<bool> condition, string what, Func<string>? seen = null, TimeSpan? limit = null)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            TimeSpan waited = Stopwatch.GetElapsedTime(start);
            if (waited > (limit ?? Patience))
            {
                throw new TimeoutException($"Not within {waited.TotalSeconds:F1} s: {what}. Seen: {seen?.Invoke() ?? "-"}");
            }

            Thread.Sleep(5);
        }
    }
}
