using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Core.Tests.Scenarios;

/// <summary>Lines of a scenario that an operator or a schedule causes, applied to the venue; the words are those of <see cref="ScenarioRunner"/>.</summary>
internal static class ScenarioOperator
{
    /// <summary>Applies the line; false when its first word is none of these.</summary>
    public static bool TryApply(ScenarioVenue venue, ScenarioWords words)
    {
        switch (words[0])
        {
            case "instrument":
                venue.Apply(CommandType.DefineInstrument, Instrument(words));
                return true;
            case "group":
                venue.Apply(CommandType.DefineMarketGroup, Group(words));
                return true;
            case "phase":
                venue.Apply(CommandType.SetPhase, Phase(words));
                return true;
            case "schedule":
                venue.Apply(CommandType.SchedulePhase, Schedule(words));
                return true;
            case "firm":
                venue.Apply(CommandType.AssignFirm, new AssignFirmCommand
                {
                    Header = new CommandHeader { SessionId = venue.SessionOf(words[1]) },
                    Firm = Text16.From(words[2]),
                    DefaultAccount = words.Text16("default"),
                });
                return true;
            case "account":
                venue.Apply(CommandType.DefineAccount, new DefineAccountCommand { Firm = Text16.From(words[1]), Account = words[2] == "-" ? default : Text16.From(words[2]) });
                return true;
            case "limits":
                venue.Apply(CommandType.SetLimits, Limits(words));
                return true;
            case "restrict" or "allow":
                venue.Apply(CommandType.Restrict, new RestrictCommand
                {
                    Firm = FirmOf(words[1]),
                    Account = AccountOf(words[1]),
                    Scope = ScopeOf(words[1]),
                    Symbol = Text24.From(words[2]),
                    IsRestricted = words[0] == "restrict" ? (byte)1 : (byte)0,
                });
                return true;
            case "kill" or "release":
                venue.Apply(CommandType.KillSwitch, Kill(venue, words));
                return true;
            case "protect":
                venue.Apply(CommandType.SetProtection, Protect(words));
                return true;
            default:
                return false;
        }
    }

    private static DefineInstrumentCommand Instrument(ScenarioWords words)
    {
        DefineInstrumentCommand command = new()
        {
            Symbol = Text24.From(words[1]),
            Currency = Text16.From(words.After("currency") ?? "USD"),
            PriceTickE8 = words.E8("tick"),
            QuantityStepE8 = words.E8("step"),
            QuantityMaxE8 = words.E8("max"),
            PriceMinE8 = words.E8("from"),
            PriceMaxE8 = words.E8("to"),
            GroupName = words.Text16("group"),
            Underlying = words.Text24("underlying"),
            SettlementCurrency = words.Text16("settles"),
            MultiplierE8 = words.E8("multiplier"),
            StrikeE8 = words.E8("strike"),
            ExpiryNs = words.After("expiry") is { } expiry ? words.ToTimeNs(expiry) : 0,
            Kind = words.Has("future") ? InstrumentKind.Future : words.Has("perpetual") ? InstrumentKind.Perpetual : words.Has("option") ? InstrumentKind.Option : InstrumentKind.Spot,
            OptionRight = words.Has("call") ? OptionRight.Call : words.Has("put") ? OptionRight.Put : OptionRight.None,
            Flags = words.Has("inverse") ? InstrumentFlags.Inverse : InstrumentFlags.None,
            CollarAction = words.After("outside") == "auction" ? CollarAction.Auction : CollarAction.Reject,
            StaticCollarBp = words.Int("static"),
            DynamicCollarBp = words.Int("dynamic"),
            MarketBandBp = words.Int("band"),
            VolatilityAuctionNs = words.Ns("auction-lasts"),
            ReferencePriceE8 = words.E8("reference"),
            QuantityMinE8 = words.E8("least"),
            NotionalMaxE8 = words.E8("notional"),
            PositionMaxE8 = words.E8("position"),
            AccountOrdersMax = words.Int("orders"),
        };
        foreach (string band in (words.After("ticks") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = band.Split(':');
            command.Ticks[command.TickCount++] = new TickBand { FromE8 = ScenarioWords.ToE8(parts[0]), TickE8 = ScenarioWords.ToE8(parts[1]) };
        }

        return command;
    }

    private static DefineMarketGroupCommand Group(ScenarioWords words) => new()
    {
        GroupName = Text16.From(words[1]),
        Zone = Text40.From("UTC"),
        InitialPhase = words.After("phase") is { } phase ? PhaseOf(phase) : MarketPhase.Continuous,
        FailoverCancelOnlyNs = words.Ns("cancels-only"),
        FailoverAuction = words.Has("then-auction") ? (byte)1 : (byte)0,
        FailoverAuctionNs = words.Ns("then-auction"),
    };

    // phase XAU halt, phase XAU group, phase group MAIN closed
    private static SetPhaseCommand Phase(ScenarioWords words)
    {
        bool isGroup = words[1] == "group";
        return new SetPhaseCommand
        {
            GroupName = isGroup ? Text16.From(words[2]) : default,
            Symbol = isGroup ? default : Text24.From(words[1]),
            Phase = PhaseOf(words[isGroup ? 3 : 2]),
            DurationNs = words.Ns("for"),
        };
    }

    private static SchedulePhaseCommand Schedule(ScenarioWords words) => new()
    {
        GroupId = words.Int("group"),
        Version = words.Int("version"),
        Phase = PhaseOf(words.After("phase")!),
        AtNs = words.ToTimeNs(words.After("at")!),
    };

    private static SetLimitsCommand Limits(ScenarioWords words) => new()
    {
        Firm = FirmOf(words[1]),
        Account = AccountOf(words[1]),
        Scope = ScopeOf(words[1]),
        SelfTradeMode = words.After("stp") is { } mode ? ScenarioCommands.ModeOf(mode) : SelfTradeMode.None,
        FatFingerBp = words.Int("fatfinger"),
        OrderQuantityMaxE8 = words.E8("quantity"),
        OrderNotionalMaxE8 = words.E8("notional"),
        OpenOrdersMax = words.Int("orders"),
        OrdersPerSecondMax = words.Int("rate"),
        RepeatedOrdersMax = words.Int("repeats"),
        RepeatedWindowNs = words.Ns("within"),
        PositionMaxE8 = words.E8("position"),
        GrossPositionMaxE8 = words.E8("gross"),
        CreditMaxE8 = words.E8("credit"),
    };

    // kill market, kill firm F, kill account F/A, kill session HFT1
    private static KillSwitchCommand Kill(ScenarioVenue venue, ScenarioWords words) => new()
    {
        Header = new CommandHeader { SessionId = words[1] == "session" ? venue.SessionOf(words[2]) : -1 },
        Firm = words[1] is "firm" or "account" ? FirmOf(words[2]) : default,
        Account = words[1] == "account" ? AccountOf(words[2]) : default,
        Scope = words[1] switch
        {
            "market" => RiskScope.Market,
            "firm" => RiskScope.Firm,
            "session" => RiskScope.Session,
            "account" => RiskScope.Account,
            _ => throw new InvalidOperationException($"'{words[1]}' cannot be killed"),
        },
        IsPulled = words[0] == "kill" ? (byte)1 : (byte)0,
    };

    private static SetProtectionCommand Protect(ScenarioWords words) => new()
    {
        Firm = Text16.From(words[1]),
        GroupName = Text16.From(words.After("in")!),
        WindowNs = words.Ns("window"),
        QuantityMaxE8 = words.E8("quantity"),
        NotionalMaxE8 = words.E8("notional"),
        FillsMax = words.Int("fills"),
        IsReset = words.Has("reset") ? (byte)1 : (byte)0,
    };

    private static MarketPhase PhaseOf(string word) => word switch
    {
        "group" => MarketPhase.Group,
        "closed" => MarketPhase.Closed,
        "pre-open" => MarketPhase.PreOpen,
        "opening" => MarketPhase.OpeningAuction,
        "continuous" => MarketPhase.Continuous,
        "volatility" => MarketPhase.VolatilityAuction,
        "closing" => MarketPhase.ClosingAuction,
        "halt" => MarketPhase.Halt,
        "cancel-only" => MarketPhase.CancelOnly,
        "uncrossing" => MarketPhase.Uncrossing,
        _ => throw new InvalidOperationException($"'{word}' is no phase"),
    };

    // FIRM, FIRM/ACCOUNT, FIRM/ for the account without a name.
    private static Text16 FirmOf(string text) => Text16.From(text.Split('/')[0]);

    private static Text16 AccountOf(string text) => text.Contains('/', StringComparison.Ordinal) && text.Split('/')[1] is var name and not "-" ? Text16.From(name) : default;

    private static RiskScope ScopeOf(string text) => text.Contains('/', StringComparison.Ordinal) ? RiskScope.Account : RiskScope.Firm;
}
