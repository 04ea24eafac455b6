using System.Text;
using Exchange.Gateway.Authentication;
using Exchange.Host.Configuration;
using Exchange.Protocol.Commands;

namespace Exchange.Host.Tests.Configuration;

public sealed class ParticipantsFileTests
{
    [Fact]
    public void A_record_becomes_the_command_that_defines_it_with_the_password_hashed()
    {
        DefineParticipantCommand command = Assert.Single(ParticipantsFile.Parse("f.yaml", "participants:\n  - { sender: TW, target: ISLD, password: secret, cancelOnDisconnect: true }", 10));
        Assert.Equal("TW", command.SenderCompId.ToString());
        Assert.Equal("ISLD", command.TargetCompId.ToString());
        Assert.Equal("TW", command.Username.ToString());
        Assert.True(command.BeginString.IsEmpty);
        Assert.Equal(ParticipantFlags.CancelOnDisconnect, command.Flags);
        Assert.True(PasswordHasher.Verify(Encoding.ASCII.GetBytes("secret"), command.PasswordHash, command.PasswordSalt, command.PasswordIterations));
        Assert.False(PasswordHasher.Verify(Encoding.ASCII.GetBytes("Secret"), command.PasswordHash, command.PasswordSalt, command.PasswordIterations));
    }

    [Theory]
    [InlineData("any", "")]
    [InlineData("4.2", "FIX.4.2")]
    [InlineData("4.4", "FIX.4.4")]
    [InlineData("5.0SP2", "FIXT.1.1")]
    public void A_version_stands_for_its_BeginString(string version, string beginString) => Assert.Equal(
        beginString, Assert.Single(ParticipantsFile.Parse("f.yaml", $"participants:\n  - {{ sender: TW, noPassword: true, version: {version} }}", 1)).BeginString.ToString());

    [Theory]
    [InlineData("participants:\n  - { sender: A }", "f.yaml line 2: field password: is missing")]
    [InlineData("participants:\n  - { sender: A, password: x, noPassword: true }", "f.yaml line 2: field password: must be left out when noPassword is true")]
    [InlineData("participants:\n  - { sender: A, password: x, version: 4.3 }", "f.yaml line 2: field version: '4.3' must be one of any, 4.2, 4.4, 5.0SP2")]
    [InlineData("participants:\n  - { sender: A, password: x, heartbeatMin: 30, heartbeatMax: 10 }", "f.yaml line 2: field heartbeatMax: '10' must be a whole number from 30 to 86400")]
    [InlineData("participants:\n  - { sender: A, password: x, timestampDecimals: 4 }", "f.yaml line 2: field timestampDecimals: '4' must be one of 0, 3, 6, 9")]
    [InlineData("participants:\n  - { sender: A, password: x }\n  - { sender: A, password: y }", "f.yaml line 3: field sender: 'A' with target 'EXCH' is defined twice")]
    [InlineData("participants:\n  - { sender: A, password: x, disabled: maybe }", "f.yaml line 2: field disabled: 'maybe' must be one of true, false")]
    public void A_mistake_is_one_line_with_file_line_field_and_what_is_allowed(string text, string expected)
    {
        HostException error = Assert.Throws<HostException>(() => ParticipantsFile.Parse("f.yaml", text, 1));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
    }
}
