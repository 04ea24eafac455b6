namespace Exchange.Reference.Tests;

/// <summary>How much has been compared.</summary>
internal sealed class ComparisonTotals
{
    public long Commands { get; private set; }

    public long Reports { get; private set; }

    public void Add(Contest contest)
    {
        Commands += contest.CommandCount;
        Reports += contest.ReportCount;
    }
}
