using Exchange.Core.Orders;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Risk;

/// <summary>What operators do about risk: firms, accounts, limits, restrictions and kill switches (trading rules 3.10 and 8).</summary>
internal sealed class RiskOperations(OrderEntry orders)
{
    private readonly RiskDesk _desk = orders.Risk;

    /// <summary>AssignFirm.</summary>
    /// <returns>False when the command was refused; it changed nothing then.</returns>
    public bool Assign(in AssignFirmCommand command)
    {
        int id = command.Header.SessionId;
        return id >= 0 && id < _desk.Register.SessionCount && _desk.Register.Assign(in command, orders.SessionOf(id).OpenCount);
    }

    /// <summary>DefineAccount.</summary>
    /// <returns>False when the command was refused; it changed nothing then.</returns>
    public bool DefineAccount(in DefineAccountCommand command) => _desk.Register.DefineAccount(in command);

    /// <summary>SetLimits.</summary>
    /// <returns>False when the command was refused; it changed nothing then.</returns>
    public bool SetLimits(in SetLimitsCommand command) => _desk.Register.SetLimits(in command);

    /// <summary>Restrict.</summary>
    /// <returns>False when the command was refused; it changed nothing then.</returns>
    public bool Restrict(in RestrictCommand command) => _desk.Register.Restrict(in command);

    /// <summary>KillSwitch (8.12). Pulling one that is pulled already cancels what is open once more.</summary>
    /// <returns>False when the command was refused; it changed nothing then.</returns>
    public bool Switch(in KillSwitchCommand command, in CommandContext context)
    {
        if (command.IsPulled > 1)
        {
            return false;
        }

        bool isPulled = command.IsPulled != 0;
        switch (command.Scope)
        {
            case RiskScope.Market:
                _desk.IsMarketKilled = isPulled;
                Kill(firm: null, isPulled, in context);
                break;
            case RiskScope.Session when command.Header.SessionId >= 0 && command.Header.SessionId < _desk.Register.SessionCount:
                _desk.Register.SessionOf(command.Header.SessionId).IsKilled = isPulled;
                if (isPulled)
                {
                    orders.Sweeps.Kill(command.Header.SessionId, in context);
                }

                break;
            case RiskScope.Firm or RiskScope.Account:
                if (!_desk.Register.TryFind(command.Scope, in command.Firm, in command.Account, out RiskFirm? firm, out RiskAccount? account))
                {
                    return false;
                }

                Switch(firm!, account, isPulled, in context);
                break;
            default:
                return false;
        }

        orders.Sweeps.RunFirst(in context);
        return true;
    }

    private void Switch(RiskFirm firm, RiskAccount? account, bool isPulled, in CommandContext context)
    {
        if (account is null)
        {
            firm.IsKilled = isPulled;
            Kill(firm, isPulled, in context);
            return;
        }

        account.IsKilled = isPulled;
        if (isPulled)
        {
            orders.Sweeps.Kill(account, in context);
        }
    }

    private void Kill(RiskFirm? firm, bool isPulled, in CommandContext context)
    {
        for (int id = 0; isPulled && id < _desk.Register.SessionCount; id++)
        {
            if (firm is null || _desk.Register.SessionOf(id).Firm == firm)
            {
                orders.Sweeps.Kill(id, in context);
            }
        }
    }
}
