namespace Exchange.Acceptance.Counterparties;

/// <summary>A test that needs jspurefix; where there is none it is skipped and says why.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class JsPureFixFactAttribute : FactAttribute
{
    /// <summary>Decides when the test is found.</summary>
    public JsPureFixFactAttribute()
    {
        if (Setup.NoJsPureFix is { } reason)
        {
            Skip = reason;
        }
    }
}
