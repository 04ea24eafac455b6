// `exchange ctl`: what an operator asks of a running cluster. Each verb is a file of its own.
using System.CommandLine;

namespace Exchange.Host.Commands.Ctl;

/// <summary>The verb <c>ctl</c>.</summary>
internal static class CtlCommand
{
    private const string Description = """
        Operate a running cluster: see where it stands, move it from box to box, change its members.

        Exit codes: 0 done; 1 refused, failed, or a condition is not met; 2 bad input; 3 nobody answers or the key is not accepted.
        """;

    /// <summary>Builds the verb.</summary>
    public static Command Create() => new("ctl", Description)
    {
        CtlSwitches.Directory,
        CtlSwitches.Connect,
        CtlSwitches.Key,
        CtlSwitches.Json,
        StatusCommand.Create(),
        PreflightCommand.Create(),
        SwitchoverCommand.Create(),
        SnapshotCommand.Create(),
        MembershipCommand.Create(),
        PromoteCommand.Create(),
        RebuildCommand.Create(),
        RecoverCommand.Create(),
        SessionCommand.Create(),
        ParticipantCommand.Create(),
        InstrumentCommand.Create(),
        MarketCommand.Create(),
        ProtectionCommand.Create(),
        LimitsCommand.Create(),
        KillCommand.Create(),
        AccountCommand.Create(),
        RestrictVerb.Create(),
        PositionsCommand.Create(),
        NewsCommand.Create(),
    };
}
