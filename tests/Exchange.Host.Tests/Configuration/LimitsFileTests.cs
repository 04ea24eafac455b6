using System.Runtime.InteropServices;
using Exchange.Host.Configuration;
using Exchange.Protocol;
using Exchange.Protocol.Commands;

namespace Exchange.Host.Tests.Configuration;

public sealed class LimitsFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("limits").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void ARecordBecomesTheCommandsThatSetItsLimitsAndRestrictions()
    {
        List<byte[]> commands = LimitsFile.Parse("f.yaml", """
            limits:
              - firm: ACME
                account: A1
                orderQuantityMax: 100.5
                fatFingerBp: 500
                positionMax: 1000
                creditMax: 0.00000001
                restricted: AAPL, MSFT
            """);
        Assert.Equal(3, commands.Count);
        Assert.All(commands, command => Assert.True(CommandValidation.IsWellFormed(command)));
        SetLimitsCommand limits = MemoryMarshal.Read<SetLimitsCommand>(commands[0]);
        Assert.Equal(("ACME", "A1", RiskScope.Account), (limits.Firm.ToString(), limits.Account.ToString(), limits.Scope));
        Assert.Equal((10_050_000_000, 500, 100_000_000_000, 1), (limits.OrderQuantityMaxE8, limits.FatFingerBp, limits.PositionMaxE8, limits.CreditMaxE8));
        Assert.Equal(["AAPL", "MSFT"], commands.Skip(1).Select(static command => MemoryMarshal.Read<RestrictCommand>(command).Symbol.ToString()));
    }

    [Theory]
    [InlineData("{ firm: ACME, positionMax: 5 }", "positionMax: is a limit of accounts; name one by account")]
    [InlineData("{ firm: ACME, account: A1, ordersPerSecondMax: 5 }", "ordersPerSecondMax: is a limit of firms; leave account out")]
    [InlineData("{ firm: ACME, creditMax: -1 }", "creditMax: '-1' must be a decimal with at most 8 decimals, not negative")]
    [InlineData("{ firm: ACME, creditMax: 92233720369 }", "creditMax: '92233720369' must be")]
    [InlineData("{ firm: ACME, repeatedOrdersMax: 5 }", "repeatedOrdersMax: and repeatedWindowMs go together")]
    [InlineData("{ firm: ACME, selfTrade: perhaps }", "selfTrade: 'perhaps' must be one of none, newest, oldest, both, decrement")]
    [InlineData("{ creditMax: 5 }", "firm: is missing")]
    [InlineData("{ firm: ACME, credit: 5 }", "credit")]
    [InlineData("{ firm: A-NAME-OF-SIXTEEN }", "firm: 'A-NAME-OF-SIXTEEN' must be 1 to 15")]
    public void AMistakeIsNamedWithItsFieldAndWhatIsAllowed(string record, string expected)
    {
        HostException error = Assert.Throws<HostException>(() => LimitsFile.Parse("f.yaml", "limits:\n  - " + record));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("f.yaml line 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheSameFirmTwiceIsAMistake() =>
        Assert.Throws<HostException>(() => LimitsFile.Parse("f.yaml", "limits:\n  - { firm: A, creditMax: 5 }\n  - { firm: A, creditMax: 6 }"));

    [Fact]
    public void ParticipantsNameTheirFirmsAndALimitsFileBesideThemSeedsLimits()
    {
        string participants = Path.Combine(_directory, "participants.yaml");
        File.WriteAllText(participants, """
            participants:
              - { sender: HFT1, noPassword: true, firm: ACME, accounts: "A1 A2", defaultAccount: A1, selfTrade: oldest }
              - { sender: HFT2, noPassword: true, firm: ACME }
              - { sender: HFT3, noPassword: true }
            """);
        File.WriteAllText(Path.Combine(_directory, "limits.yaml"), "limits:\n  - { firm: ACME, creditMax: 5 }\n  - { firm: HFT3, creditMax: 6 }");
        List<byte[]> commands = SeedFiles.Commands(null, participants, TimeOnly.MinValue);
        CommandType[] types = [.. commands.Select(static command => MemoryMarshal.Read<CommandHeader>(command).Type).SkipWhile(static type => type != CommandType.DefineParticipant).Skip(3)];
        Assert.Equal(
            [CommandType.AssignFirm, CommandType.DefineAccount, CommandType.DefineAccount, CommandType.AssignFirm, CommandType.SetLimits, CommandType.SetLimits, CommandType.SetLimits],
            types);
        AssignFirmCommand assign = MemoryMarshal.Read<AssignFirmCommand>(commands[^7]);
        Assert.Equal((0, "ACME", "A1"), (assign.Header.SessionId, assign.Firm.ToString(), assign.DefaultAccount.ToString()));
        SetLimitsCommand limits = MemoryMarshal.Read<SetLimitsCommand>(commands[^2]);
        Assert.Equal((SelfTradeMode.CancelOldest, 500_000_000), (limits.SelfTradeMode, limits.CreditMaxE8));

        File.WriteAllText(Path.Combine(_directory, "limits.yaml"), "limits:\n  - { firm: NOBODY, creditMax: 5 }");
        Assert.Contains("there is no firm NOBODY", Assert.Throws<HostException>(() => SeedFiles.Check(null, participants)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALimitsFileThatHasChangedDiffersFromTheLog()
    {
        string participants = Path.Combine(_directory, "participants.yaml");
        string limits = Path.Combine(_directory, "limits.yaml");
        File.WriteAllText(participants, "participants:\n  - { sender: HFT1, noPassword: true }");
        File.WriteAllText(limits, "limits:\n  - { firm: HFT1, creditMax: 5 }");
        SeedFiles.Remember(_directory, null, participants);
        Assert.False(SeedFiles.DifferFromLog(_directory, null, participants));
        File.WriteAllText(limits, "limits:\n  - { firm: HFT1, creditMax: 6 }");
        Assert.True(SeedFiles.DifferFromLog(_directory, null, participants));
    }
}
