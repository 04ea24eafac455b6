using System.Runtime.CompilerServices;
using Exchange.Core.Instruments;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Markets;

/// <summary>The markets of all instruments, under the numbers of their instruments, the market groups, and the number of the trading day.</summary>
internal sealed class MarketTable
{
    /// <summary>Most market groups.</summary>
    public const int GroupsMax = 256;

    private static readonly Text16 s_main = Text16.From("MAIN");

    private readonly List<MarketGroup> _groups = [];
    private Market[] _markets = new Market[16];

    /// <summary>Creates a table of no markets and one group, MAIN, which trades continuously.</summary>
    public MarketTable(InstrumentTable instruments, MarketLimits? limits = null)
    {
        Instruments = instruments;
        Limits = limits ?? new MarketLimits();
        Tasks = new TaskQueue(Limits);
        _groups.Add(new MarketGroup(0, new DefineMarketGroupCommand { GroupName = s_main, InitialPhase = MarketPhase.Continuous }));
    }

    /// <summary>The instruments.</summary>
    public InstrumentTable Instruments { get; }

    /// <summary>Bounds of one command.</summary>
    public MarketLimits Limits { get; }

    /// <summary>The venue's tasks.</summary>
    public TaskQueue Tasks { get; }

    /// <summary>Deadlines of markets.</summary>
    public MarketDeadlines Deadlines { get; } = new();

    /// <summary>Number of markets: that of the instruments.</summary>
    public int Count { get; private set; }

    /// <summary>Number of market groups.</summary>
    public int GroupCount => _groups.Count;

    /// <summary>Counts trading days, from 1; it has no meaning but that another number is another day.</summary>
    public long TradingDay { get; private set; } = 1;

    /// <summary>The market of an instrument.</summary>
    public Market this[int instrumentId]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _markets[instrumentId];
    }

    /// <summary>The earliest deadline of all groups.</summary>
    public long NextGroupNs
    {
        get
        {
            long nextNs = long.MaxValue;
            foreach (MarketGroup group in _groups)
            {
                nextNs = Math.Min(nextNs, group.DeadlineNs);
            }

            return nextNs;
        }
    }

    /// <summary>The group with a number below <see cref="GroupCount"/>.</summary>
    public MarketGroup Group(int id) => _groups[id];

    /// <summary>The group of that name, MAIN for an empty one; null when there is none.</summary>
    public MarketGroup? FindGroup(Text16 name)
    {
        foreach (MarketGroup group in _groups)
        {
            if (group.Definition.GroupName == name)
            {
                return group;
            }
        }

        return name.IsEmpty ? _groups[0] : null;
    }

    /// <summary>Defines an instrument, and opens its market when it is a new one.</summary>
    /// <returns>The instrument's number; -1 when the definition is refused.</returns>
    public int Define(in DefineInstrumentCommand command)
    {
        if (FindGroup(command.GroupName) is null)
        {
            return -1;
        }

        int id = Instruments.Define(in command);
        Open();
        return id;
    }

    /// <summary>Defines a market group, or changes its settings and schedule; false when the definition is refused.</summary>
    public bool Define(in DefineMarketGroupCommand command)
    {
        if (MarketGroupDefinition.Check(in command) is not null)
        {
            return false;
        }

        if (FindGroup(command.GroupName) is { } known)
        {
            known.Define(in command);
            return true;
        }

        if (_groups.Count == GroupsMax)
        {
            return false;
        }

        _groups.Add(new MarketGroup(_groups.Count, in command));
        return true;
    }

    /// <summary>A trading day is over.</summary>
    public void StartDay() => TradingDay++;

    /// <summary>Writes instruments, groups, markets and tasks, without the books.</summary>
    public void Save(SnapshotWriter writer)
    {
        Instruments.Save(writer);
        writer.WriteInt64(TradingDay);
        writer.WriteInt64(_groups.Count);
        foreach (MarketGroup group in _groups)
        {
            group.Save(writer);
        }

        for (int id = 0; id < Count; id++)
        {
            _markets[id].Save(writer);
        }

        Tasks.Save(writer);
    }

    /// <summary>Restores what <see cref="Save"/> wrote into an empty table.</summary>
    /// <exception cref="InvalidDataException">The snapshot contradicts itself.</exception>
    public void Load(SnapshotReader reader)
    {
        Instruments.Load(reader);
        TradingDay = reader.ReadInt64();
        int groups = reader.ReadCount(GroupsMax, "number of market groups");
        _groups.Clear();
        for (int id = 0; id < groups; id++)
        {
            DefineMarketGroupCommand definition = reader.Read<DefineMarketGroupCommand>();
            if (MarketGroupDefinition.Check(in definition) is string fault)
            {
                throw new InvalidDataException($"snapshot at byte {reader.Position}: market group {id} is not valid: {fault}");
            }

            MarketGroup group = new(id, in definition);
            group.Load(reader);
            _groups.Add(group);
        }

        if (groups == 0 || _groups[0].Definition.GroupName != s_main)
        {
            throw new InvalidDataException($"snapshot at byte {reader.Position}: there is no market group MAIN");
        }

        Open();
        for (int id = 0; id < Count; id++)
        {
            _markets[id].Load(reader);
            Deadlines.Changed(_markets[id]);
        }

        Tasks.Load(reader);
    }

    private void Open()
    {
        while (Count < Instruments.Count)
        {
            if (Count == _markets.Length)
            {
                Array.Resize(ref _markets, Count * 2);
            }

            Instrument instrument = Instruments[Count];
            MarketGroup group = FindGroup(instrument.Definition.GroupName)
                ?? throw new InvalidDataException($"instrument {instrument.Symbol} belongs to a market group that does not exist");
            _markets[Count] = new Market(this, instrument, group);
            Deadlines.Changed(_markets[Count]);
            Count++;
        }
    }
}
