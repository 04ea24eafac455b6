namespace Exchange.Acceptance.Counterparties;

/// <summary>A test that needs QuickFIX C++; where there is none it is skipped and says why.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class QuickFixFactAttribute : FactAttribute
{
    /// <summary>Decides when the test is found.</summary>
    public QuickFixFactAttribute()
    {
        if (Setup.NoQuickFix is { } reason)
        {
            Skip = reason;
        }
    }
}
