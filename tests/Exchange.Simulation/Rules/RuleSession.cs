namespace Exchange.Simulation.Rules;

/// <summary>A participant's session as the rule book knows it.</summary>
internal sealed class RuleSession(int id)
{
    public int Id => id;

    public required RuleParty Firm { get; set; }

    public string DefaultAccount { get; set; } = "";

    public bool IsKilled { get; set; }
}
