using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Markets;

/// <summary>A set of instruments with one schedule: its definition, its phase, and what comes next.</summary>
internal sealed class MarketGroup
{
    private DefineMarketGroupCommand _definition;

    /// <summary>Creates a group in the phase that its definition begins with.</summary>
    public MarketGroup(int id, in DefineMarketGroupCommand definition)
    {
        Id = id;
        Phase = definition.InitialPhase == MarketPhase.Group ? MarketPhase.Continuous : definition.InitialPhase;
        Define(in definition);
    }

    /// <summary>Number, from 0 in log order.</summary>
    public int Id { get; }

    /// <summary>The definition, without its header.</summary>
    public ref readonly DefineMarketGroupCommand Definition => ref _definition;

    /// <summary>Counts definitions, from 1, so that what was worked out from an older one is known.</summary>
    public int Version { get; private set; }

    /// <summary>The phase that its instruments are in or are on their way to.</summary>
    public MarketPhase Phase { get; set; }

    /// <summary>Log time at which the phase ends by itself; <see cref="long.MaxValue"/> when it does not.</summary>
    public long PhaseEndNs { get; set; } = long.MaxValue;

    /// <summary>How long the phase behind that one lasts; 0 when it has no end of its own.</summary>
    public long NextLastsNs { get; set; }

    /// <summary>The phase behind that end.</summary>
    public MarketPhase NextPhase { get; set; }

    /// <summary>Log time of the next change by schedule; <see cref="long.MaxValue"/> when there is none, or the leader has not said yet.</summary>
    public long ScheduledNs { get; set; } = long.MaxValue;

    /// <summary>Log time of the last change by schedule as it was named; 0 when there was none.</summary>
    public long LastScheduledNs { get; set; }

    /// <summary>The phase that begins then.</summary>
    public MarketPhase ScheduledPhase { get; set; }

    /// <summary>Whether a task brings the phase to the instruments.</summary>
    public bool HasTask { get; set; }

    /// <summary>Set when the phase has changed again, so that the task begins anew.</summary>
    public bool IsTaskStale { get; set; }

    /// <summary>Whether a task tells subscribers.</summary>
    public bool IsToldSoon { get; set; }

    /// <summary>Whether there is a schedule, but nobody has said yet what comes next.</summary>
    public bool AwaitsSchedule => Definition.EntryCount != 0 && ScheduledNs == long.MaxValue;

    /// <summary>The earliest log time at which something is due.</summary>
    public long DeadlineNs => Math.Min(PhaseEndNs, ScheduledNs);

    /// <summary>Takes a definition, which has been checked; the phase stays.</summary>
    public void Define(in DefineMarketGroupCommand definition)
    {
        _definition = definition;
        _definition.Header = default;
        Version++;
        ScheduledNs = long.MaxValue;
        LastScheduledNs = 0;
        ScheduledPhase = MarketPhase.Group;
    }

    /// <summary>Writes the group.</summary>
    public void Save(SnapshotWriter writer)
    {
        writer.Write(in _definition);
        writer.WriteInt64(Version);
        writer.WriteInt64((long)Phase);
        writer.WriteInt64(PhaseEndNs);
        writer.WriteInt64((long)NextPhase);
        writer.WriteInt64(NextLastsNs);
        writer.WriteInt64(ScheduledNs);
        writer.WriteInt64(LastScheduledNs);
        writer.WriteInt64((long)ScheduledPhase);
        writer.WriteInt64((HasTask ? 1 : 0) | (IsTaskStale ? 2 : 0) | (IsToldSoon ? 4 : 0));
    }

    /// <summary>Reads what <see cref="Save"/> wrote behind the definition, which the constructor has been given.</summary>
    public void Load(SnapshotReader reader)
    {
        Version = reader.ReadCount(int.MaxValue, "version of a market group");
        Phase = (MarketPhase)reader.ReadCount((long)MarketPhase.CancelOnly, "phase of a market group");
        PhaseEndNs = reader.ReadInt64();
        NextPhase = (MarketPhase)reader.ReadCount((long)MarketPhase.CancelOnly, "next phase of a market group");
        NextLastsNs = reader.ReadInt64();
        ScheduledNs = reader.ReadInt64();
        LastScheduledNs = reader.ReadInt64();
        ScheduledPhase = (MarketPhase)reader.ReadCount((long)MarketPhase.CancelOnly, "scheduled phase of a market group");
        int flags = reader.ReadCount(7, "flags of a market group");
        HasTask = (flags & 1) != 0;
        IsTaskStale = (flags & 2) != 0;
        IsToldSoon = (flags & 4) != 0;
    }
}
