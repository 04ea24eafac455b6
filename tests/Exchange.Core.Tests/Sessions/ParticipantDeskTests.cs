using System.Runtime.InteropServices;
using System.Text.Json;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;

namespace Exchange.Core.Tests.Sessions;

/// <summary>What operators and participants change about who may log on.</summary>
public sealed class ParticipantDeskTests
{
    [Fact]
    public void A_disabled_participant_is_logged_out_and_every_gateway_is_told()
    {
        using CoreHarness exchange = CoreHarness.Open(1).Attach(gateway: 2, incarnation: 200);
        ClientHarness client = exchange.Client();
        client.Logon();
        Enable(exchange, 0, isEnabled: false).Expect(
            "Participant HFT1", "Participant HFT1", "Logout 34=2 58=ParticipantDisabled", "CloseConnection ParticipantDisabled connection=1");
        Assert.Equal(ParticipantFlags.Disabled, exchange.LastEvent<ParticipantEvent>(0).Definition.Flags);
        Assert.Equal((1, 2), (exchange.LastHeader(0).GatewayId, exchange.LastHeader(1).GatewayId));

        exchange.Client(connection: 2).At(2).Logon().Expect("Logout 34=3 58=ParticipantDisabled", "CloseConnection ParticipantDisabled connection=2");
        Enable(exchange, 0, isEnabled: true);
        exchange.Client(connection: 3).At(3).Logon().Expect("Logon 34=4 108=30");
    }

    [Fact]
    public void A_password_set_by_an_operator_reaches_every_gateway()
    {
        using CoreHarness exchange = CoreHarness.Open(1, ParticipantFlags.NoPassword).Attach(gateway: 2, incarnation: 200);
        SetPasswordCommand command = new() { Header = new CommandHeader { SessionId = 0 }, PasswordIterations = 77 };
        command.PasswordHash[0] = 5;
        exchange.Apply(CommandType.SetPassword, command).Expect("Participant HFT1", "Participant HFT1");
        DefineParticipantCommand definition = exchange.LastEvent<ParticipantEvent>(1).Definition;
        Assert.Equal((77, 5, ParticipantFlags.None), (definition.PasswordIterations, definition.PasswordHash[0], definition.Flags));
    }

    [Fact]
    public void What_names_nobody_changes_nothing()
    {
        using CoreHarness exchange = CoreHarness.Open(1);
        exchange.Apply(CommandType.SetPassword, new SetPasswordCommand { Header = new CommandHeader { SessionId = 9 } }).ExpectNothing();
        Enable(exchange, -1, isEnabled: false).ExpectNothing();
    }

    [Fact]
    public void A_client_changes_its_password_with_a_UserRequest()
    {
        using CoreHarness exchange = CoreHarness.Open(1);
        ClientHarness client = exchange.Client();
        client.Logon();
        client.UserRequest(UserRequestOutcome.NewPassword).Expect("UserResponse 34=2 926=5", "Participant HFT1");
        Assert.Equal(1234, exchange.LastEvent<ParticipantEvent>(1).Definition.PasswordIterations);
    }

    [Theory]
    [InlineData(UserRequestOutcome.PasswordIncorrect, "HFT1", "UserResponse 34=2 926=4")]
    [InlineData(UserRequestOutcome.Status, "HFT1", "UserResponse 34=2 926=1")]
    [InlineData(UserRequestOutcome.NewPassword, "HFT2", "UserResponse 34=2 926=3")]
    [InlineData(UserRequestOutcome.Unsupported, "HFT1", "UserResponse 34=2 926=6 927=UserRequestUnsupported")]
    [InlineData(UserRequestOutcome.NewPasswordUnusable, "HFT1", "UserResponse 34=2 926=6 927=NewPasswordUnusable")]
    public void A_UserRequest_that_changes_nothing_is_answered_with_the_status(UserRequestOutcome outcome, string username, string expected)
    {
        using CoreHarness exchange = CoreHarness.Open(1);
        ClientHarness client = exchange.Client();
        client.Logon();
        client.UserRequest(outcome, username).Expect(expected);
    }

    [Fact]
    public void A_UserRequest_behind_a_gap_changes_no_password()
    {
        using CoreHarness exchange = CoreHarness.Open(1);
        ClientHarness client = exchange.Client();
        client.Logon();
        client.At(7).UserRequest(UserRequestOutcome.NewPassword).Expect("ResendRequest 34=2 2-0");
    }

    [Fact]
    public void A_change_based_on_a_password_that_an_operator_has_replaced_meanwhile_is_refused()
    {
        using CoreHarness exchange = CoreHarness.Open(1);
        ClientHarness client = exchange.Client();
        client.Logon();
        uint former = Stamp(exchange);
        SetPasswordCommand command = new() { PasswordIterations = 99 };
        command.PasswordHash[0] = 1;
        exchange.Apply(CommandType.SetPassword, command);
        Assert.NotEqual(former, Stamp(exchange));

        client.UserRequest(UserRequestOutcome.NewPassword, basedOn: former).Expect("UserResponse 34=2 926=4");
        client.ChangePassword(basedOn: former).ExpectNothing();
        Assert.Equal(99, exchange.Core.Sessions[0].Definition.PasswordIterations);

        client.UserRequest(UserRequestOutcome.NewPassword, basedOn: Stamp(exchange)).Expect("UserResponse 34=3 926=5", "Participant HFT1");
        Assert.Equal(1234, exchange.Core.Sessions[0].Definition.PasswordIterations);
        client.ChangePassword(basedOn: Stamp(exchange)).Expect("Participant HFT1");
        Assert.Equal(4321, exchange.Core.Sessions[0].Definition.PasswordIterations);
    }

    [Fact]
    public void A_UserRequest_in_the_log_of_an_older_build_is_understood()
    {
        using CoreHarness exchange = CoreHarness.Open(1);
        ClientHarness client = exchange.Client();
        client.Logon();
        client.UserRequest(UserRequestOutcome.Status);
        byte[] former = exchange.Log[^1].Bytes[..UserRequestCommand.FormerSizeBytes];
        ref FixCommandHeader header = ref MemoryMarshal.AsRef<FixCommandHeader>(former.AsSpan());
        header.Command.Length = former.Length;
        header.MsgSeqNum++;
        Assert.True(CommandValidation.IsWellFormed(former));
        exchange.ApplyBytes(former).Expect("UserResponse 34=3 926=1");
    }

    [Fact]
    public void A_session_without_a_password_has_none_to_change()
    {
        using CoreHarness exchange = CoreHarness.Open(1, ParticipantFlags.NoPassword);
        ClientHarness client = exchange.Client();
        client.Logon();
        client.UserRequest(UserRequestOutcome.NewPassword).Expect("UserResponse 34=2 926=6 927=NoPasswordToChange");
    }

    [Fact]
    public void A_new_password_of_a_Logon_counts_only_when_the_Logon_was_accepted()
    {
        using CoreHarness exchange = CoreHarness.Open(1);
        ClientHarness refused = exchange.Client();
        refused.Logon(heartBtInt: 999);
        refused.ChangePassword().ExpectNothing();

        ClientHarness accepted = exchange.Client(connection: 2).At(2);
        accepted.Logon();
        accepted.ChangePassword().Expect("Participant HFT1");
        Assert.Equal(4321, exchange.LastEvent<ParticipantEvent>(0).Definition.PasswordIterations);
        exchange.Restore();
        exchange.Attach(gateway: 3, incarnation: 300);
        Assert.Equal(4321, exchange.LastEvent<ParticipantEvent>(0).Definition.PasswordIterations);
    }

    [Fact]
    public void Operators_are_told_of_each_participant_but_not_its_password()
    {
        using CoreHarness exchange = CoreHarness.Open(1);
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            Assert.True(exchange.Core.TryDescribe("participants", json));
            json.WriteEndObject();
        }

        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        JsonElement participant = Assert.Single(document.RootElement.GetProperty("participants").EnumerateArray());
        Assert.Equal(("HFT1", "EXCH", true), (participant.GetProperty("sender").GetString(), participant.GetProperty("target").GetString(), participant.GetProperty("password").GetBoolean()));
        Assert.DoesNotContain(participant.EnumerateObject(), p => p.Name.Contains("hash", StringComparison.Ordinal) || p.Name.Contains("salt", StringComparison.Ordinal));
    }

    private static CoreHarness Enable(CoreHarness exchange, int session, bool isEnabled) => exchange.Apply(
        isEnabled ? CommandType.EnableParticipant : CommandType.DisableParticipant,
        new SessionAdminCommand { Header = new CommandHeader { SessionId = session } });

    private static uint Stamp(CoreHarness exchange)
    {
        DefineParticipantCommand definition = exchange.Core.Sessions[0].Definition;
        return DefineParticipantCommand.PasswordStamp(in definition.PasswordHash, in definition.PasswordSalt);
    }
}
