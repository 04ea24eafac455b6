namespace Exchange.Core.Sessions;

/// <summary>The values of SessionRejectReason (373) that the core itself gives; those of the gateway's validation pass through.</summary>
internal static class SessionRejectReason
{
    /// <summary>Required tag missing.</summary>
    public const ushort RequiredTagMissing = 1;

    /// <summary>Value is incorrect (out of range) for this tag.</summary>
    public const ushort ValueIsIncorrect = 5;

    /// <summary>CompID problem.</summary>
    public const ushort CompIdProblem = 9;

    /// <summary>SendingTime accuracy problem.</summary>
    public const ushort SendingTimeAccuracyProblem = 10;

    /// <summary>Other.</summary>
    public const ushort Other = 99;
}
