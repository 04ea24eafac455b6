using System.Runtime.CompilerServices;
using Exchange.Core.Instruments;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Core.Risk;

// Who belongs to whom, and what is allowed to them; all of it changed by logged commands only. A participant begins in a firm that bears its
// SenderCompID, cut to fifteen characters; another participant with the same begins in the same firm. Accounts come into being by being
// listed, by getting limits, or with the first order that names them.

/// <summary>Firms, accounts, sessions and instruments as risk sees them.</summary>
internal sealed class RiskRegister(InstrumentTable instruments)
{
    /// <summary>Most firms; as many as there can be sessions are kept free for sessions.</summary>
    public const int FirmsMax = 4 * Limits.SessionCountMax;

    /// <summary>Most accounts of the venue.</summary>
    public const int AccountsMax = 1 << 18;

    /// <summary>Most accounts of a firm that nobody listed.</summary>
    public const int ImplicitAccountsMax = 1_024;

    private RiskSession[] _sessions = new RiskSession[16];
    private RiskFirm[] _firms = new RiskFirm[16];
    private RiskAccount[] _accounts = new RiskAccount[16];
    private RiskInstrument?[] _instruments = new RiskInstrument?[16];
    private int[] _accountBuckets = new int[64];
    private int[] _accountNext = new int[16];

    /// <summary>Number of sessions.</summary>
    public int SessionCount { get; private set; }

    /// <summary>Number of firms.</summary>
    public int FirmCount { get; private set; }

    /// <summary>Number of accounts.</summary>
    public int AccountCount { get; private set; }

    /// <summary>The session with that id.</summary>
    public RiskSession SessionOf(int sessionId) => _sessions[sessionId];

    /// <summary>The firm with that number.</summary>
    public RiskFirm FirmAt(int firmId) => _firms[firmId];

    /// <summary>The account with that number.</summary>
    public RiskAccount AccountOf(int accountId) => _accounts[accountId];

    /// <summary>What risk knows of an instrument.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RiskInstrument InstrumentOf(int instrumentId) =>
        instrumentId < _instruments.Length && _instruments[instrumentId] is { } known ? known : ReadInstrument(instrumentId);

    /// <summary>An instrument was defined anew: its limits are those of the new definition from now on.</summary>
    public void Forget(int instrumentId)
    {
        if (instrumentId < _instruments.Length)
        {
            _instruments[instrumentId] = null;
        }
    }

    /// <summary>Adds the next session, in a firm named after it.</summary>
    public RiskSession AddSession(int sessionId, in Text40 senderCompId)
    {
        Invariant.Require(sessionId == SessionCount);
        Text16 name = Text16.Truncate(senderCompId.AsSpan());
        RiskFirm firm = FindFirm(in name) ?? AddFirm(in name);
        return AddSession(firm);
    }

    /// <summary>Finds a firm; null when there is none of that name.</summary>
    public RiskFirm? FindFirm(in Text16 name)
    {
        for (int id = 0; id < FirmCount; id++)
        {
            if (_firms[id].Name.Equals(name))
            {
                return _firms[id];
            }
        }

        return null;
    }

    /// <summary>Finds an account of a firm; null when it does not exist.</summary>
    public RiskAccount? FindAccount(RiskFirm firm, in Text16 name)
    {
        for (int id = _accountBuckets[Bucket(firm.Id, in name)] - 1; id >= 0; id = _accountNext[id] - 1)
        {
            RiskAccount account = _accounts[id];
            if (account.Firm == firm && account.Name.Equals(name))
            {
                return account;
            }
        }

        return null;
    }

    /// <summary>Whether a firm may use one more account that nobody listed.</summary>
    public bool HasRoomForImplicit(RiskFirm firm) => firm.ListedCount == 0 && firm.ImplicitCount < ImplicitAccountsMax && AccountCount < AccountsMax;

    /// <summary>An account comes into being by being named in an order that was accepted.</summary>
    public RiskAccount AddImplicit(RiskSession session, in Text16 name)
    {
        RiskAccount account = AddAccount(session.Firm, in name);
        session.Firm.ImplicitCount++;
        session.RecentAccount = account;
        return account;
    }

    /// <summary>AssignFirm. A session with open orders stays where it is: they belong to accounts of its firm.</summary>
    /// <returns>False when the command was refused.</returns>
    public bool Assign(in AssignFirmCommand command, int openOrders)
    {
        int id = command.Header.SessionId;
        if (id < 0 || id >= SessionCount || !IsSound(in command.Firm) || !IsSound(in command.DefaultAccount) || command.Firm.IsEmpty)
        {
            return false;
        }

        RiskSession session = _sessions[id];
        if (session.Firm.Name != command.Firm)
        {
            RiskFirm? firm = FindFirm(in command.Firm);
            if (openOrders != 0 || (firm is null && FirmCount >= FirmsMax - Limits.SessionCountMax))
            {
                return false;
            }

            session.Firm = firm ?? AddFirm(in command.Firm);
            session.ForgetRepeated();
        }

        session.DefaultAccount = command.DefaultAccount;
        session.RecentAccount = null;
        return true;
    }

    /// <summary>DefineAccount.</summary>
    /// <returns>False when the command was refused.</returns>
    public bool DefineAccount(in DefineAccountCommand command)
    {
        if (!IsSound(in command.Firm) || !IsSound(in command.Account) || FindFirm(in command.Firm) is not { } firm)
        {
            return false;
        }

        RiskAccount? account = FindAccount(firm, in command.Account);
        if (account is null && AccountCount >= AccountsMax)
        {
            return false;
        }

        if (account is null || !account.IsListed)
        {
            firm.ImplicitCount -= account is null ? 0 : 1;
            account ??= AddAccount(firm, in command.Account);
            account.IsListed = true;
            firm.ListedCount++;
            ForgetRecent(firm);
        }

        return true;
    }

    /// <summary>SetLimits. The counts of order rate and repeated orders begin anew.</summary>
    /// <returns>False when the command was refused.</returns>
    public bool SetLimits(in SetLimitsCommand command)
    {
        RiskLimits limits = RiskLimits.Of(in command);
        if (!limits.IsSound || !TryFind(command.Scope, in command.Firm, in command.Account, out RiskFirm? firm, out RiskAccount? account))
        {
            return false;
        }

        if (account is not null)
        {
            account.Limits = limits;
            return true;
        }

        firm!.Limits = limits;
        firm.RateCount = 0;
        firm.RateSinceNs = 0;
        for (int id = 0; id < SessionCount; id++)
        {
            if (_sessions[id].Firm == firm)
            {
                _sessions[id].ForgetRepeated();
            }
        }

        return true;
    }

    /// <summary>Restrict.</summary>
    /// <returns>False when the command was refused.</returns>
    public bool Restrict(in RestrictCommand command)
    {
        if (command.IsRestricted > 1 || command.Symbol.Length > Text24.LengthMax || !instruments.TryFind(in command.Symbol, out Instrument? instrument)
            || !TryFind(command.Scope, in command.Firm, in command.Account, out RiskFirm? firm, out RiskAccount? account))
        {
            return false;
        }

        (account?.Restricted ?? firm!.Restricted).Set(instrument.Id, command.IsRestricted != 0);
        return true;
    }

    /// <summary>
    /// Finds the firm or account that a command names. An account of a firm that has none listed comes into being, so that it can be limited
    /// before its first order.
    /// </summary>
    public bool TryFind(RiskScope scope, in Text16 firmName, in Text16 accountName, out RiskFirm? firm, out RiskAccount? account)
    {
        firm = IsSound(in firmName) ? FindFirm(in firmName) : null;
        account = null;
        if (firm is null || scope is not (RiskScope.Firm or RiskScope.Account))
        {
            return false;
        }

        if (scope == RiskScope.Firm)
        {
            return true;
        }

        if (!IsSound(in accountName))
        {
            return false;
        }

        account = FindAccount(firm, in accountName);
        if (account is null && HasRoomForImplicit(firm))
        {
            account = AddAccount(firm, in accountName);
            firm.ImplicitCount++;
            ForgetRecent(firm);
        }

        return account is not null;
    }

    /// <summary>Adds a session to a firm; for snapshots.</summary>
    public RiskSession AddSession(RiskFirm firm)
    {
        if (SessionCount == _sessions.Length)
        {
            Array.Resize(ref _sessions, SessionCount * 2);
        }

        RiskSession session = new(SessionCount, firm);
        _sessions[SessionCount++] = session;
        return session;
    }

    /// <summary>Adds a firm.</summary>
    public RiskFirm AddFirm(in Text16 name)
    {
        Invariant.Require(FirmCount < FirmsMax);
        if (FirmCount == _firms.Length)
        {
            Array.Resize(ref _firms, FirmCount * 2);
        }

        RiskFirm firm = new(FirmCount, name);
        _firms[FirmCount++] = firm;
        return firm;
    }

    /// <summary>Adds an account.</summary>
    public RiskAccount AddAccount(RiskFirm firm, in Text16 name)
    {
        Invariant.Require(AccountCount < AccountsMax);
        if (AccountCount == _accounts.Length)
        {
            Grow();
        }

        RiskAccount account = new(AccountCount, firm, name);
        _accounts[AccountCount] = account;
        Link(account);
        AccountCount++;
        return account;
    }

    private static bool IsSound(in Text16 text) => text.Length <= Text16.LengthMax;

    private void ForgetRecent(RiskFirm firm)
    {
        for (int id = 0; id < SessionCount; id++)
        {
            if (_sessions[id].Firm == firm)
            {
                _sessions[id].RecentAccount = null;
            }
        }
    }

    private int Bucket(int firmId, in Text16 name) => unchecked((int)(name.Hash() + ((ulong)firmId * 0x9E3779B97F4A7C15UL))) & (_accountBuckets.Length - 1);

    private void Link(RiskAccount account)
    {
        ref int bucket = ref _accountBuckets[Bucket(account.Firm!.Id, in account.Name)];
        _accountNext[account.Id] = bucket;
        bucket = account.Id + 1;
    }

    private void Grow()
    {
        Array.Resize(ref _accounts, AccountCount * 2);
        _accountNext = new int[_accounts.Length];
        _accountBuckets = new int[_accounts.Length * 4];
        for (int id = 0; id < AccountCount; id++)
        {
            Link(_accounts[id]);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private RiskInstrument ReadInstrument(int instrumentId)
    {
        if (instrumentId >= _instruments.Length)
        {
            Array.Resize(ref _instruments, Math.Max(instruments.Count, instrumentId + 1));
        }

        RiskInstrument instrument = new(instrumentId, instruments[instrumentId].Definition);
        _instruments[instrumentId] = instrument;
        return instrument;
    }
}
