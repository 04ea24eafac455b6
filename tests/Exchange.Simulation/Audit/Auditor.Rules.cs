// Whether members have what the reports have told, wherever they started from and whoever led: positions, open orders and what is due.
using Exchange.Core;
using Exchange.Core.Risk;
using Exchange.Protocol.StateMachine;
using Exchange.Simulation.Members;
using Exchange.Simulation.Rules;

namespace Exchange.Simulation.Audit;

internal sealed partial class Auditor
{
    // Commits between two comparisons of a member's accounts with the rule book's.
    private const long CompareEvery = 500;
    private readonly RuleBook? _rules;
    private readonly Dictionary<int, long> _comparedAt = [];

    /// <summary>The rule book; null in a run without all rules.</summary>
    public RuleBook? Rules => _rules;

    /// <summary>Nothing is left that must be taken out.</summary>
    public bool IsWorkDone => _rules is not { IsWorkDone: false };

    private void ApplyByRules(CommandContext context, ReadOnlySpan<byte> command)
    {
        _replay.Apply(in context, command, _events);
        List<byte[]> made = [];
        long offset = 0;
        while (_events.TryRead(ref offset, out ReadOnlySpan<byte> record))
        {
            made.Add(record.ToArray());
            _reference.Tell(record);
        }

        _rules!.Read(context.Position, context.LogTimeNs, command, made);
        _reference.Apply(context.Position, context.Term, context.LogTimeNs, command);
        if (_golden.OpenOrderCount != _rules.OpenCount)
        {
            throw Failed("open orders", $"a replay has {_golden.OpenOrderCount} open orders at {context.Position}, its reports leave {_rules.OpenCount}");
        }
    }

    private void CompareAccounts(IMemberUnderTest member)
    {
        if (_rules is not null && member.Core is { } core && member.AppliedPosition == CommittedPosition && CommitCount - _comparedAt.GetValueOrDefault(member.Id, -CompareEvery) >= CompareEvery)
        {
            _comparedAt[member.Id] = CommitCount;
            CompareAccounts(member.Id, core);
        }
    }

    private void CompareAccounts(int memberId, ExchangeCore core)
    {
        RiskDesk risk = core.Orders.Risk;
        Dictionary<int, long> sums = [];
        int found = 0;
        for (int slot = 1; slot <= risk.Positions.Count; slot++)
        {
            ref Position position = ref risk.Positions[slot];
            RiskAccount account = risk.Register.AccountOf(position.AccountId);
            RuleHolding holding = _rules!.Holdings.GetValueOrDefault((account.Firm!.Name.ToString(), account.Name.ToString(), position.InstrumentId)) ?? new RuleHolding();
            long stepE8 = core.Instruments[position.InstrumentId].Definition.QuantityStepE8;
            (long Net, long Buys, long Sells, int Orders) has = (position.NetLots * stepE8, position.OpenBuyLots * stepE8, position.OpenSellLots * stepE8, position.OpenOrders);
            if (has != (holding.Net, holding.OpenBuy, holding.OpenSell, holding.OpenOrders))
            {
                throw Failed(
                    "positions",
                    $"member {memberId} has net, open and orders {has} of {account.Firm.Name}, account '{account.Name}', in instrument {position.InstrumentId} at {CommittedPosition}, by the reports they are {(holding.Net, holding.OpenBuy, holding.OpenSell, holding.OpenOrders)}");
            }

            found += holding.Net != 0 || holding.OpenOrders != 0 ? 1 : 0;
            sums[position.InstrumentId] = sums.GetValueOrDefault(position.InstrumentId) + position.NetLots;
        }

        if (found != _rules!.Holdings.Values.Count(static holding => holding.Net != 0 || holding.OpenOrders != 0))
        {
            throw Failed("positions", $"member {memberId} has {found} positions at {CommittedPosition} that are not empty, by the reports there are others");
        }

        foreach ((int instrument, long sum) in sums)
        {
            if (sum != 0)
            {
                throw Failed("positions", $"member {memberId}'s positions in instrument {instrument} sum to {sum} at {CommittedPosition}");
            }
        }
    }
}
