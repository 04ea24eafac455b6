// Problem: rules are easy to keep while nobody changes them. Idea: operators who change them all the time, on whoever leads, and do not know
// whether what they asked for is committed; the rule book goes by the log alone. What must hold: nobody is shut out for the whole run.
using System.Globalization;
using Exchange.Protocol;
using Exchange.Simulation.Engine;

namespace Exchange.Simulation.Rules;

/// <summary>Changes limits, restrictions, firms, accounts and definitions, and pulls and releases kill switches.</summary>
internal sealed class RuleDesk
{
    private readonly SimulatedCluster _cluster;
    private readonly SimulatedWorld _world;
    private readonly Chance _chance;
    private bool _isOver;

    public RuleDesk(SimulatedCluster cluster, Chance chance)
    {
        _cluster = cluster;
        _world = cluster.World;
        _chance = chance;
        _world.After(_chance.Between(300_000_000, 600_000_000), Act);
    }

    /// <summary>Commands given to a leader.</summary>
    public long Given { get; private set; }

    public void End() => _isOver = true;

    private void Act()
    {
        if (_isOver)
        {
            return;
        }

        _world.After(_chance.Between(20_000_000, 250_000_000), Act);
        switch (_chance.Below(10))
        {
            case < 3:
                Give("sets limits", RuleCommands.Limit(_chance));
                break;
            case < 5:
                Forbid();
                break;
            case < 8:
                Pull();
                break;
            case 8:
                Redefine();
                break;
            default:
                Enrol();
                break;
        }
    }

    private void Forbid()
    {
        Chance same = _chance.Fork();
        ulong seed = same.Next();
        Give("forbids an instrument", RuleCommands.Restrict(new Chance(seed), isRestricted: true));
        Later(100, 1_500, "allows the instrument again", RuleCommands.Restrict(new Chance(seed), isRestricted: false));
    }

    private void Pull()
    {
        RiskScope scope = (RiskScope)_chance.Between((long)RiskScope.Market, (long)RiskScope.Account);
        string firm = _chance.Pick(RuleCommands.Firms);
        string account = _chance.Pick(RuleCommands.Accounts);
        int session = scope == RiskScope.Session ? _chance.Below(_cluster.Clients.Count) : -1;
        Give($"pulls the kill switch of {scope}", RuleCommands.Switch(scope, firm, account, session, isPulled: true));
        Later(20, 600, $"releases the kill switch of {scope}", RuleCommands.Switch(scope, firm, account, session, isPulled: false));
    }

    private void Redefine()
    {
        if (_cluster.Leader?.Member?.Core is { } core)
        {
            Give("changes an instrument", RuleCommands.Define(_chance, core.Instruments[_chance.Below(RuleCommands.Symbols.Length)].Definition));
        }
    }

    private void Enrol()
    {
        string firm = _chance.Pick(RuleCommands.Firms);
        if (_chance.PerMille(150))
        {
            foreach (string account in RuleCommands.Accounts.Where(static account => account.Length > 0))
            {
                Give("lists an account", RuleCommands.List(firm, account));
            }
        }
        else
        {
            Give("moves a participant", RuleCommands.Assign(_chance.Below(_cluster.Clients.Count), firm, _chance.Pick(RuleCommands.Accounts)));
        }
    }

    // What nobody takes is given again: a switch that stays pulled would be a run in which nothing happens.
    private void Later(long lowestMs, long highestMs, string what, byte[] command) => _world.After(_chance.Between(lowestMs * 1_000_000, highestMs * 1_000_000), () =>
    {
        if (!_isOver && !Give(what, command))
        {
            Later(lowestMs, highestMs, what, command);
        }
    });

    private bool Give(string what, byte[] command)
    {
        if (_cluster.Leader?.Member is not { IsStopped: false, IsServing: true } leader)
        {
            return false;
        }

        _world.Tell(string.Create(CultureInfo.InvariantCulture, $"an operator {what} on member {leader.Id}"));
        Given++;
        leader.Append(command);
        return true;
    }
}
