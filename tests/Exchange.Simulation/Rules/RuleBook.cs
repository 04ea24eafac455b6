// Problem: that all members agree does not say that what they agree on is allowed. Idea: somebody who reads the committed commands and the reports
// they caused, and keeps accounts with nothing but dictionaries: who has which position, what is open, what is limited, forbidden or switched off.
// Must hold: each acceptance is one that the rules allow, each refusal says the figures that the reports add up to, and what a member says it has
// is what the reports have told. It shares no code with the core but the layout of records.
using System.Runtime.InteropServices;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Simulation.Engine;

namespace Exchange.Simulation.Rules;

/// <summary>Keeps accounts of the log's commands and reports, by the trading rules.</summary>
internal sealed partial class RuleBook
{
    private const long DayNs = 86_400_000_000_000;
    private readonly List<RuleSession> _sessions = [];
    private readonly List<RuleInstrument> _instruments = [];
    private readonly Dictionary<string, RuleParty> _firms = [];
    private readonly Dictionary<(string Firm, string Account), RuleParty> _accounts = [];
    private readonly Dictionary<(string Firm, string Account, int Instrument), RuleHolding> _holdings = [];
    private readonly SortedDictionary<long, RuleOrder> _open = [];
    private readonly List<(long SinceNs, long SinceCommand, string Why, HashSet<long> Orders)> _doomed = [];
    private readonly Dictionary<long, (RuleOrder Order, long Quantity, long Price)> _halves = [];
    private long _commands;
    private bool _isKilled;
    private long _dayEndsAtNs = long.MaxValue;
    private long _dayEndNs;
    private long _position;
    private long _timeNs;
    private bool _isChecked;
    private NewOrderCommand _asked;

    public IEnumerable<RuleOrder> Open => _open.Values;

    public int OpenCount => _open.Count;

    /// <summary>Nothing is left that a kill switch or the end of a day must still take out.</summary>
    public bool IsWorkDone => _doomed.Count == 0;

    /// <summary>Acceptances compared with limits, switches and restrictions.</summary>
    public long Accepted { get; private set; }

    /// <summary>Refusals whose figures were compared.</summary>
    public long Refused { get; private set; }

    /// <summary>Positions that are not zero, by firm, account and instrument; in 10^-8.</summary>
    public IReadOnlyDictionary<(string Firm, string Account, int Instrument), RuleHolding> Holdings => _holdings;

    /// <summary>Reads a command and what came of it.</summary>
    public void Read(long position, long timeNs, ReadOnlySpan<byte> command, IReadOnlyList<byte[]> events)
    {
        _position = position;
        _timeNs = timeNs;
        _commands++;
        BeginDay();
        ref readonly CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(command);
        _isChecked = header.Type == CommandType.NewOrder && (MemoryMarshal.AsRef<FixCommandHeader>(command).Flags & FixMessageFlags.PossResend) == 0;
        _asked = header.Type == CommandType.NewOrder ? NewOrderCommand.Read(command) : default;
        if (header.Type == CommandType.KillSwitch)
        {
            Switch(MemoryMarshal.Read<KillSwitchCommand>(command));
        }

        foreach (byte[] record in events)
        {
            if (MemoryMarshal.AsRef<EventHeader>(record.AsSpan()).Type == EventType.ExecutionReport)
            {
                Report(in MemoryMarshal.AsRef<ExecutionReportEvent>(record.AsSpan()), record);
            }
        }

        if (_halves.Count > 0)
        {
            throw Failed("matches", $"match {_halves.First().Key} was told to one side only");
        }

        Apply(in header, command);
        CheckDoomed();
    }

    // What takes effect behind the reports that its command causes, which come from deadlines alone.
    private void Apply(in CommandHeader header, ReadOnlySpan<byte> command)
    {
        switch (header.Type)
        {
            case CommandType.DefineParticipant:
                string name = MemoryMarshal.Read<DefineParticipantCommand>(command).SenderCompId.ToString();
                _sessions.Add(new RuleSession(_sessions.Count) { Firm = FirmOf(name[..Math.Min(15, name.Length)]) });
                break;
            case CommandType.DefineInstrument:
                Define(DefineInstrumentCommand.Read(command));
                break;
            case CommandType.DefineVenue:
                _dayEndNs = MemoryMarshal.Read<DefineVenueCommand>(command).DayEndNs;
                _dayEndsAtNs = _dayEndNs < 0 ? long.MaxValue : NextDayEnd();
                break;
            case CommandType.AssignFirm:
                Assign(MemoryMarshal.Read<AssignFirmCommand>(command));
                break;
            case CommandType.DefineAccount:
                DefineAccountCommand listed = MemoryMarshal.Read<DefineAccountCommand>(command);
                if (_firms.TryGetValue(listed.Firm.ToString(), out RuleParty? lister))
                {
                    lister.Listed.Add(listed.Account.ToString());
                }

                break;
            case CommandType.SetLimits:
                SetLimitsCommand limits = MemoryMarshal.Read<SetLimitsCommand>(command);
                if (PartyOf(limits.Scope, limits.Firm.ToString(), limits.Account.ToString()) is { } limited)
                {
                    limited.Limits = limits;
                }

                break;
            case CommandType.Restrict:
                RestrictCommand restrict = MemoryMarshal.Read<RestrictCommand>(command);
                if (PartyOf(restrict.Scope, restrict.Firm.ToString(), restrict.Account.ToString()) is { } restricted)
                {
                    _ = restrict.IsRestricted != 0 ? restricted.Restricted.Add(restrict.Symbol.ToString()) : restricted.Restricted.Remove(restrict.Symbol.ToString());
                }

                break;
            default:
                break;
        }
    }

    private void Define(DefineInstrumentCommand definition)
    {
        RuleInstrument? instrument = _instruments.Find(one => one.Symbol == definition.Symbol.ToString());
        if (instrument is null)
        {
            _instruments.Add(instrument = new RuleInstrument(_instruments.Count));
        }

        instrument.Definition = definition;
    }

    // Rule 8: with open orders a participant cannot change its firm.
    private void Assign(AssignFirmCommand command)
    {
        RuleSession session = _sessions[command.Header.SessionId];
        string firm = command.Firm.ToString();
        if (session.Firm.Name == firm || !_open.Values.Any(order => order.Session == session))
        {
            session.Firm = FirmOf(firm);
            session.DefaultAccount = command.DefaultAccount.ToString();
        }
    }

    private void Switch(KillSwitchCommand command)
    {
        bool isPulled = command.IsPulled != 0;
        Func<RuleOrder, bool> concerns;
        if (command.Scope == RiskScope.Market)
        {
            _isKilled = isPulled;
            concerns = static _ => true;
        }
        else if (command.Scope == RiskScope.Session)
        {
            RuleSession session = _sessions[command.Header.SessionId];
            session.IsKilled = isPulled;
            concerns = order => order.Session == session;
        }
        else if (PartyOf(command.Scope, command.Firm.ToString(), command.Account.ToString()) is { } party)
        {
            party.IsKilled = isPulled;
            concerns = order => order.Firm == party || order.Account == party;
        }
        else
        {
            return;
        }

        if (isPulled)
        {
            Doom($"the kill switch of {command.Scope}", concerns);
        }
    }

    private void BeginDay()
    {
        if (_timeNs < _dayEndsAtNs)
        {
            return;
        }

        _dayEndsAtNs = NextDayEnd();
        Doom("the end of the day", static order => order.InForce is TimeInForce.Day);
        _instruments.ForEach(static instrument => instrument.HasTradedToday = false);
        foreach (RuleParty party in _firms.Values.Concat(_accounts.Values))
        {
            party.Executed = 0;
        }
    }

    private long NextDayEnd()
    {
        long end = (_timeNs / DayNs * DayNs) + _dayEndNs;
        return end <= _timeNs ? end + DayNs : end;
    }

    private void Doom(string why, Func<RuleOrder, bool> concerns)
    {
        HashSet<long> orders = [.. _open.Values.Where(concerns).Select(static order => order.Id)];
        if (orders.Count > 0)
        {
            _doomed.Add((_timeNs, _commands, why, orders));
        }
    }

    // A slice is due every millisecond and takes out hundreds, so a second is ample, if it was one in which somebody led.
    private void CheckDoomed()
    {
        _doomed.RemoveAll(static doomed => doomed.Orders.Count == 0);
        foreach ((long sinceNs, long sinceCommand, string why, HashSet<long> orders) in _doomed)
        {
            if (_timeNs - sinceNs > 1_000_000_000 && _commands - sinceCommand > 500)
            {
                throw Failed("left open", $"order {orders.First()} and {orders.Count - 1} others are open {(_timeNs - sinceNs) / 1e9:F1} s after {why}");
            }
        }
    }

    private RuleParty FirmOf(string name)
    {
        if (!_firms.TryGetValue(name, out RuleParty? firm))
        {
            _firms.Add(name, firm = new RuleParty(name));
        }

        return firm;
    }

    private RuleParty AccountOf(string firm, string name)
    {
        if (!_accounts.TryGetValue((firm, name), out RuleParty? account))
        {
            _accounts.Add((firm, name), account = new RuleParty(name));
        }

        return account;
    }

    private RuleHolding HoldingOf(string firm, string account, int instrument)
    {
        if (!_holdings.TryGetValue((firm, account, instrument), out RuleHolding? holding))
        {
            _holdings.Add((firm, account, instrument), holding = new RuleHolding());
        }

        return holding;
    }

    // An account of a firm that has listed others does not come into being.
    private RuleParty? PartyOf(RiskScope scope, string firm, string account)
    {
        if (!_firms.TryGetValue(firm, out RuleParty? party) || scope == RiskScope.Firm)
        {
            return party;
        }

        return party.Listed.Count == 0 || party.Listed.Contains(account) || _accounts.ContainsKey((firm, account)) ? AccountOf(firm, account) : null;
    }

    private SimulationFailedException Failed(string check, string message) => new(check, $"at position {_position}: {message}");
}
