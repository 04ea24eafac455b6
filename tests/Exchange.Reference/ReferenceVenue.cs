using Exchange.Protocol.Text;

namespace Exchange.Reference;

/// <summary>All that the parts of the model share.</summary>
internal sealed class ReferenceVenue(ReferenceLimits limits)
{
    public ReferenceLimits Limits => limits;

    public Reports Reports { get; } = new();

    public List<ReferenceInstrument> Instruments { get; } = [];

    public List<ReferenceGroup> Groups { get; } = [new ReferenceGroup(0) { Name = Text16.From("MAIN") }];

    public List<ReferenceSession> Sessions { get; } = [];

    public Dictionary<Text16, ReferenceFirm> Firms { get; } = [];

    /// <summary>Tasks in the order in which they take their turns (10.2).</summary>
    public List<ReferenceTask> Tasks { get; } = [];

    /// <summary>Instruments that this command has traded in or elected stops of, in that order.</summary>
    public List<ReferenceInstrument> Touched { get; } = [];

    public long NowNs { get; set; }

    public bool IsKilled { get; set; }

    public long LastOrderId { get; set; }

    public long LastMatchId { get; set; }

    public int OpenCount { get; set; }

    public ReferenceInstrument? Find(Text24 symbol) => Instruments.Find(instrument => instrument.Definition.Symbol == symbol);

    public ReferenceGroup? FindGroup(Text16 name) => name.IsEmpty ? Groups[0] : Groups.Find(group => group.Name == name);

    public ReferenceFirm FirmOf(Text16 name)
    {
        if (!Firms.TryGetValue(name, out ReferenceFirm? firm))
        {
            Firms[name] = firm = new ReferenceFirm(name);
        }

        return firm;
    }

    public static ReferenceAccount AccountOf(ReferenceFirm firm, Text16 name)
    {
        if (!firm.Accounts.TryGetValue(name, out ReferenceAccount? account))
        {
            firm.Accounts[name] = account = new ReferenceAccount(firm, name);
        }

        return account;
    }

    public void Touch(ReferenceInstrument instrument)
    {
        if (!Touched.Contains(instrument))
        {
            Touched.Add(instrument);
        }
    }

    public void Begin(ReferenceTask task)
    {
        if (!Tasks.Any(other => other.IsSame(task)))
        {
            Tasks.Add(task);
        }
    }
}
