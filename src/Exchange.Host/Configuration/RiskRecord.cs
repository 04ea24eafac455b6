using System.Globalization;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Host.Configuration;

/// <summary>Risk limits of one firm or account as people write them: a record of the limits file, or the settings of `exchange ctl limits set`.</summary>
internal static class RiskRecord
{
    private const long NsPerMs = 1_000_000;
    private const int DayMs = 86_400_000;

    private static readonly string[] s_modes = ["none", "newest", "oldest", "both", "decrement"];
    private static readonly string[] s_firmOnly = ["selfTrade", "ordersPerSecondMax", "repeatedOrdersMax", "repeatedWindowMs"];
    private static readonly string[] s_accountOnly = ["positionMax", "grossPositionMax"];

    /// <summary>The fields that set a limit; colo-deploy/development/limits.yaml says what each means.</summary>
    public static IReadOnlyList<string> Limits { get; } =
    [
        "selfTrade", "orderQuantityMax", "orderNotionalMax", "fatFingerBp", "openOrdersMax", "ordersPerSecondMax", "repeatedOrdersMax",
        "repeatedWindowMs", "positionMax", "grossPositionMax", "creditMax",
    ];

    /// <summary>The fields of a record of the limits file.</summary>
    public static IReadOnlyList<string> Fields { get; } = ["firm", "account", .. Limits, "restricted"];

    /// <summary>The command that sets all limits of the record's firm or account; what the record does not name is as in <paramref name="known"/>.</summary>
    /// <exception cref="HostException">A field is wrong; the message names it, and what is allowed.</exception>
    public static SetLimitsCommand Read(YamlRecord record, in SetLimitsCommand known)
    {
        bool isFirm = !record.Has("account");
        foreach (string field in isFirm ? s_accountOnly : s_firmOnly)
        {
            if (record.Has(field))
            {
                throw record.Error(field, isFirm ? "is a limit of accounts; name one by account" : "is a limit of firms; leave account out");
            }
        }

        SetLimitsCommand command = known;
        command.Header = Header(CommandType.SetLimits, SetLimitsCommand.SizeBytes);
        command.Firm = Text16.From(record.Text("firm", Text16.LengthMax));
        command.Account = isFirm ? default : Account(record, "account");
        command.Scope = isFirm ? RiskScope.Firm : RiskScope.Account;
        command.SelfTradeMode = SelfTrade(record, "selfTrade", known.SelfTradeMode);
        command.OrderQuantityMaxE8 = E8(record, "orderQuantityMax", known.OrderQuantityMaxE8);
        command.OrderNotionalMaxE8 = E8(record, "orderNotionalMax", known.OrderNotionalMaxE8);
        command.FatFingerBp = record.Integer("fatFingerBp", known.FatFingerBp, 0, int.MaxValue);
        command.OpenOrdersMax = record.Integer("openOrdersMax", known.OpenOrdersMax, 0, int.MaxValue);
        command.OrdersPerSecondMax = record.Integer("ordersPerSecondMax", known.OrdersPerSecondMax, 0, int.MaxValue);
        command.RepeatedOrdersMax = record.Integer("repeatedOrdersMax", known.RepeatedOrdersMax, 0, int.MaxValue);
        command.RepeatedWindowNs = record.Integer("repeatedWindowMs", (int)(known.RepeatedWindowNs / NsPerMs), 0, DayMs) * NsPerMs;
        command.PositionMaxE8 = E8(record, "positionMax", known.PositionMaxE8);
        command.GrossPositionMaxE8 = E8(record, "grossPositionMax", known.GrossPositionMaxE8);
        command.CreditMaxE8 = E8(record, "creditMax", known.CreditMaxE8);
        return command.RepeatedOrdersMax == 0 == (command.RepeatedWindowNs == 0)
            ? command
            : throw record.Error("repeatedOrdersMax", "and repeatedWindowMs go together: so many equal orders within so many milliseconds; 0 takes both away");
    }

    /// <summary>The commands that forbid the record's firm or account the instruments of its field "restricted".</summary>
    public static IEnumerable<RestrictCommand> Restrictions(YamlRecord record)
    {
        foreach (string symbol in record.Words("restricted", string.Empty))
        {
            if (symbol.Length > Text24.LengthMax)
            {
                throw record.Error("restricted", $"'{symbol}' is longer than a symbol may be, {Text24.LengthMax} characters");
            }

            bool isFirm = !record.Has("account");
            yield return Restrict(Text16.From(record.Text("firm", Text16.LengthMax)), isFirm ? null : Account(record, "account"), symbol, isRestricted: true);
        }
    }

    /// <summary>The command that forbids a firm, or an account of it, an instrument, or allows it again.</summary>
    public static RestrictCommand Restrict(Text16 firm, Text16? account, string symbol, bool isRestricted) => new()
    {
        Header = Header(CommandType.Restrict, RestrictCommand.SizeBytes),
        Firm = firm,
        Account = account ?? default,
        Scope = account is null ? RiskScope.Firm : RiskScope.Account,
        Symbol = Text24.From(symbol),
        IsRestricted = isRestricted ? (byte)1 : (byte)0,
    };

    /// <summary>The command that sets nothing but a firm's self-trade prevention.</summary>
    public static SetLimitsCommand SelfTradeOnly(string firm, SelfTradeMode mode) => new()
    {
        Header = Header(CommandType.SetLimits, SetLimitsCommand.SizeBytes),
        Firm = Text16.From(firm),
        Scope = RiskScope.Firm,
        SelfTradeMode = mode,
    };

    /// <summary>The command that lists an account.</summary>
    public static DefineAccountCommand List(Text16 firm, Text16 account) => new()
    {
        Header = Header(CommandType.DefineAccount, DefineAccountCommand.SizeBytes),
        Firm = firm,
        Account = account,
    };

    /// <summary>The name of an account: "-" is the one without a name.</summary>
    public static Text16 Account(YamlRecord record, string field) => AccountOf(record.Text(field, Text16.LengthMax));

    /// <summary>The name of an account as it is written: "-" is the one without a name.</summary>
    public static Text16 AccountOf(string word) => word == "-" ? default : Text16.From(word);

    /// <summary>A mode of self-trade prevention.</summary>
    public static SelfTradeMode SelfTrade(YamlRecord record, string field, SelfTradeMode whenAbsent) =>
        (SelfTradeMode)Array.IndexOf(s_modes, record.OneOf(field, s_modes[(int)whenAbsent], s_modes));

    /// <summary>A header for a command of an operator or of a seed.</summary>
    public static CommandHeader Header(CommandType type, int sizeBytes) => new()
    {
        Type = type,
        Layout = CommandHeader.CurrentLayout,
        Length = sizeBytes,
        SessionId = -1,
    };

    // A decimal that is not negative; 0 takes the limit away.
    private static long E8(YamlRecord record, string field, long whenAbsent)
    {
        if (!record.Has(field))
        {
            return whenAbsent;
        }

        string text = record.Text(field, 32);
        return TryE8(text, out long valueE8) ? valueE8 : throw record.Error(field, $"'{text}' must be a decimal with at most 8 decimals, not negative and below 92233720368; 0 for no limit");
    }

    /// <summary>Reads a decimal that is not negative, in units of 10^-8.</summary>
    public static bool TryE8(string text, out long valueE8)
    {
        valueE8 = 0;
        bool isNumber = decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            && number <= long.MaxValue / FixedPoint.Scale && decimal.Truncate(number * FixedPoint.Scale) == number * FixedPoint.Scale;
        valueE8 = isNumber ? (long)(number * FixedPoint.Scale) : 0;
        return isNumber;
    }
}
