using System.Text;
using Exchange.Gateway.Authentication;
using Exchange.Gateway.Connections;
using Exchange.Gateway.Tests.Scenarios;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Gateway.Tests.Connections;

/// <summary>UserRequest (BE) and NewPassword (925): the worker looks at passwords, the core gets hashes, and nobody else gets anything.</summary>
public class PasswordChangeTests
{
    private const string NewWord = "brand-new-word";

    private readonly ConnectionStory _story = new();

    [Fact]
    public void A_password_is_changed_by_a_UserRequest_and_only_its_hash_leaves_the_gateway()
    {
        _story.LogsOn();
        byte[] request = UserRequest("3", "HFT1", NewWord);
        Assert.Equal(request.Length, _story.ReceivesInPlace(request));
        Assert.DoesNotContain(NewWord, Encoding.ASCII.GetString(request), StringComparison.Ordinal);
        Assert.DoesNotContain("554=", Encoding.ASCII.GetString(request), StringComparison.Ordinal);
        Assert.Equal([CommandType.Logon], _story.Types);

        _story.PasswordIsChecked();
        Assert.Equal([CommandType.Logon, CommandType.UserRequest], _story.Types);
        UserRequestCommand command = _story.Log.Last<UserRequestCommand>();
        Assert.Equal(("U1", "HFT1", UserRequestOutcome.NewPassword, 2), (command.UserRequestId.ToString(), command.Username.ToString(), command.Outcome, command.Header.MsgSeqNum));
        Assert.True(Matches(NewWord, command.PasswordHash, command.PasswordSalt, command.PasswordIterations));
        Assert.False(Matches("HFT1", command.PasswordHash, command.PasswordSalt, command.PasswordIterations));
        Assert.Equal(DefineParticipantCommand.PasswordStamp(in _story.Connection.Authentication.Hash, in _story.Connection.Authentication.Salt), command.BasedOn);
        Assert.True(CommandValidation.IsAcceptableFromGateway(_story.Log.Commands[^1]));
        Assert.True(_story.Connection.Authentication.Password.IsEmpty);
        Assert.True(_story.Connection.Authentication.NewPassword.IsEmpty);
    }

    [Fact]
    public void Messages_behind_a_UserRequest_wait_for_the_check_and_follow_in_order()
    {
        _story.LogsOn();
        _story.Arrives([.. UserRequest("3", "HFT1", NewWord), .. FixText.Order("HFT1", 3, "B1", _story.Time)]);
        Assert.True(_story.Connection.IsReadPaused);
        _story.Retry();
        Assert.Equal([CommandType.Logon], _story.Types);
        _story.PasswordIsChecked();
        _story.Retry();
        Assert.Equal([CommandType.Logon, CommandType.UserRequest, CommandType.NewOrder], _story.Types);
        Assert.Equal(0, _story.Unread);
    }

    [Fact]
    public void With_a_wrong_old_password_nothing_of_the_new_one_is_forwarded()
    {
        _story.LogsOn();
        _story.Arrives(UserRequest("3", "wrong-word", NewWord));
        _story.PasswordIsChecked();
        UserRequestCommand command = _story.Log.Last<UserRequestCommand>();
        Assert.Equal((UserRequestOutcome.PasswordIncorrect, 0), (command.Outcome, command.PasswordIterations));
        Assert.False(((ReadOnlySpan<byte>)command.PasswordHash).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void After_a_change_the_new_password_is_the_one_that_counts()
    {
        _story.LogsOn();
        _story.Redefine((ref DefineParticipantCommand definition) => PasswordHasher.SetPassword(ref definition, "second"u8, 10));
        _story.Arrives(UserRequest("3", "HFT1", NewWord));
        _story.PasswordIsChecked();
        Assert.Equal(UserRequestOutcome.PasswordIncorrect, _story.Log.Last<UserRequestCommand>().Outcome);
        _story.Arrives(UserRequest("3", "second", NewWord, seqNum: 3));
        _story.PasswordIsChecked();
        Assert.Equal(UserRequestOutcome.NewPassword, _story.Log.Last<UserRequestCommand>().Outcome);
    }

    [Theory]
    [InlineData("1", "HFT1", NewWord, UserRequestOutcome.Unsupported)]
    [InlineData("2", "HFT1", NewWord, UserRequestOutcome.Unsupported)]
    [InlineData("4", "HFT1", NewWord, UserRequestOutcome.Status)]
    [InlineData("3", "HFT1", "", UserRequestOutcome.NewPasswordUnusable)]
    [InlineData("3", "HFT1", "long", UserRequestOutcome.NewPasswordUnusable)]
    public void A_UserRequest_that_needs_no_check_is_forwarded_at_once_and_wiped_too(string type, string old, string next, UserRequestOutcome expected)
    {
        _story.LogsOn();
        byte[] request = UserRequest(type, old, next == "long" ? new string('x', 129) : next);
        _story.ReceivesInPlace(request);
        Assert.Equal(expected, _story.Log.Last<UserRequestCommand>().Outcome);
        Assert.DoesNotContain("554=", Encoding.ASCII.GetString(request), StringComparison.Ordinal);
    }

    [Fact]
    public void An_invalid_UserRequest_is_refused_and_wiped()
    {
        _story.LogsOn();
        byte[] request = FixText.Message($"35=BE|49=HFT1|56=EXCH|34=2|52={_story.Time}|923=U1|924=x|553=HFT1|554=HFT1|925={NewWord}|");
        _story.ReceivesInPlace(request);
        Assert.Equal(CommandType.InvalidMessage, _story.Types[^1]);
        Assert.DoesNotContain(NewWord, Encoding.ASCII.GetString(request), StringComparison.Ordinal);
    }

    [Fact]
    public void A_UserRequest_that_finds_the_ingress_full_is_held_and_offered_once()
    {
        _story.LogsOn();
        _story.Arrives(UserRequest("3", "HFT1", NewWord));
        _story.Log.IsFull = true;
        _story.PasswordIsChecked();
        Assert.True(_story.Connection.OwesCommand);
        _story.Log.IsFull = false;
        _story.OffersOwed();
        _story.OffersOwed();
        Assert.Equal([CommandType.Logon, CommandType.UserRequest], _story.Types);
        Assert.False(_story.Connection.IsReadPaused);
    }

    [Fact]
    public void A_client_that_goes_while_its_passwords_are_checked_changes_nothing()
    {
        _story.LogsOn();
        _story.Arrives(UserRequest("3", "HFT1", NewWord));
        _story.Connection.Close(CloseReason.PeerClosed, _story.Now);
        _story.Passes(0.1);
        Assert.Equal([CommandType.Logon, CommandType.ConnectionLost], _story.Types);
        Assert.True(_story.Connection.Authentication.NewPassword.IsEmpty);
    }

    [Fact]
    public void A_Logon_may_bring_a_new_password_which_follows_it_as_a_hash()
    {
        byte[] logon = FixText.Message($"35=A|49=HFT1|56=EXCH|34=1|52={_story.Time}|98=0|108=30|553=HFT1|554=HFT1|925={NewWord}|");
        _story.ReceivesInPlace(logon);
        Assert.DoesNotContain(NewWord, Encoding.ASCII.GetString(logon), StringComparison.Ordinal);
        _story.PasswordIsChecked();
        Assert.Equal([CommandType.Logon, CommandType.ChangePassword], _story.Types);
        SetPasswordCommand command = _story.Log.Last<ChangePasswordCommand>().Password;
        Assert.Equal((17, 3), (command.Header.ConnectionId, command.Header.SessionId));
        Assert.True(Matches(NewWord, command.PasswordHash, command.PasswordSalt, command.PasswordIterations));
        Assert.True(CommandValidation.IsAcceptableFromGateway(_story.Log.Commands[^1]));
    }

    [Fact]
    public void A_Logon_with_a_wrong_password_changes_none()
    {
        _story.Arrives(FixText.Message($"35=A|49=HFT1|56=EXCH|34=1|52={_story.Time}|98=0|108=30|553=HFT1|554=wrong|925={NewWord}|"));
        _story.PasswordIsChecked();
        Assert.Empty(_story.Types);
        Assert.Equal(CloseReason.LogonRefused, _story.Connection.CloseReason);
    }

    private byte[] UserRequest(string type, string old, string next, int seqNum = 2)
    {
        string newField = next.Length == 0 ? "" : $"925={next}|";
        return FixText.Message($"35=BE|49=HFT1|56=EXCH|34={seqNum}|52={_story.Time}|923=U1|924={type}|553=HFT1|554={old}|{newField}");
    }

    private static bool Matches(string password, in Digest32 hash, in Digest16 salt, int iterations) =>
        PasswordHasher.Verify(Encoding.ASCII.GetBytes(password), in hash, in salt, iterations);
}
