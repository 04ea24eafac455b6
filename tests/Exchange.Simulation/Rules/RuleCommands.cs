using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;
using Exchange.Simulation.Engine;

namespace Exchange.Simulation.Rules;

/// <summary>Commands of operators, drawn by chance so that each limit is met now and then.</summary>
internal static class RuleCommands
{
    public static readonly string[] Firms = ["NORTH", "SOUTH", "EAST"];
    public static readonly string[] Accounts = ["", "ACC", "HOUSE"];
    public static readonly string[] Symbols = ["AAA", "BBB", "CCC"];

    public static byte[] Assign(int sessionId, string firm, string account) => Bytes(new AssignFirmCommand
    {
        Header = Header<AssignFirmCommand>(CommandType.AssignFirm, sessionId),
        Firm = Text16.From(firm),
        DefaultAccount = Text16.From(account),
    });

    public static byte[] List(string firm, string account) => Bytes(new DefineAccountCommand
    {
        Header = Header<DefineAccountCommand>(CommandType.DefineAccount),
        Firm = Text16.From(firm),
        Account = Text16.From(account),
    });

    /// <summary>Limits of a firm or an account, each with even chances of none.</summary>
    public static byte[] Limit(Chance chance)
    {
        bool isFirm = chance.PerMille(500);
        SetLimitsCommand limits = new()
        {
            Header = Header<SetLimitsCommand>(CommandType.SetLimits),
            Firm = Text16.From(chance.Pick(Firms)),
            Account = Text16.From(isFirm ? "" : chance.Pick(Accounts)),
            Scope = isFirm ? RiskScope.Firm : RiskScope.Account,
        };
        limits.SelfTradeMode = isFirm ? (SelfTradeMode)chance.Below(5) : SelfTradeMode.None;
        limits.OrderQuantityMaxE8 = Maybe(chance, 30, 60);
        limits.OrderNotionalMaxE8 = Maybe(chance, 3_000, 6_000);
        limits.OpenOrdersMax = (int)(Maybe(chance, 6, 60) / FixedPoint.Scale);
        limits.FatFingerBp = chance.PerMille(300) ? (int)chance.Between(3, 30) : 0;
        limits.CreditMaxE8 = Maybe(chance, 20_000, 2_000_000);
        if (isFirm)
        {
            limits.OrdersPerSecondMax = chance.PerMille(300) ? (int)chance.Between(100, 500) : 0;
            limits.RepeatedOrdersMax = chance.PerMille(300) ? (int)chance.Between(1, 3) : 0;
            limits.RepeatedWindowNs = limits.RepeatedOrdersMax == 0 ? 0 : chance.Between(10_000_000, 1_000_000_000);
        }
        else
        {
            limits.PositionMaxE8 = Maybe(chance, 100, 1_500);
            limits.GrossPositionMaxE8 = Maybe(chance, 20_000, 300_000);
        }

        return Bytes(limits);
    }

    public static byte[] Restrict(Chance chance, bool isRestricted)
    {
        bool isFirm = chance.PerMille(500);
        return Bytes(new RestrictCommand
        {
            Header = Header<RestrictCommand>(CommandType.Restrict),
            Firm = Text16.From(chance.Pick(Firms)),
            Account = Text16.From(isFirm ? "" : chance.Pick(Accounts)),
            Symbol = Text24.From(chance.Pick(Symbols)),
            Scope = isFirm ? RiskScope.Firm : RiskScope.Account,
            IsRestricted = isRestricted ? (byte)1 : (byte)0,
        });
    }

    public static byte[] Switch(RiskScope scope, string firm, string account, int sessionId, bool isPulled) => Bytes(new KillSwitchCommand
    {
        Header = Header<KillSwitchCommand>(CommandType.KillSwitch, sessionId),
        Firm = Text16.From(firm),
        Account = Text16.From(account),
        Scope = scope,
        IsPulled = isPulled ? (byte)1 : (byte)0,
    });

    public static byte[] EndOfDay(long dayEndNs) => Bytes(new DefineVenueCommand { Header = Header<DefineVenueCommand>(CommandType.DefineVenue), DayEndNs = dayEndNs });

    /// <summary>The instrument as everybody begins with it, but for what may change.</summary>
    public static byte[] Define(Chance chance, DefineInstrumentCommand definition)
    {
        definition.Header = Header<DefineInstrumentCommand>(CommandType.DefineInstrument);
        definition.ReferencePriceE8 = chance.PerMille(700) ? chance.Between(99, 101) * FixedPoint.Scale : 0;
        definition.NotionalMaxE8 = Maybe(chance, 4_000, 8_000) * (chance.Below(3) == 0 ? 1 : 0);
        definition.PositionMaxE8 = Maybe(chance, 200, 3_000);
        definition.AccountOrdersMax = (int)(Maybe(chance, 10, 60) / FixedPoint.Scale);
        return Bytes(definition);
    }

    public static byte[] Bytes<T>(T command)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in command)).ToArray();

    public static CommandHeader Header<T>(CommandType type, int sessionId = -1) => new()
    {
        Type = type,
        Layout = CommandHeader.CurrentLayout,
        Length = Unsafe.SizeOf<T>(),
        SessionId = sessionId,
    };

    private static long Maybe(Chance chance, long lowest, long highest) => chance.PerMille(500) ? chance.Between(lowest, highest) * FixedPoint.Scale : 0;
}
