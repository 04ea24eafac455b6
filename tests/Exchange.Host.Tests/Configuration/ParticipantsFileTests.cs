using System.Net;
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

    [Fact]
    public void Every_setting_of_a_session_arrives_in_the_command()
    {
        DefineParticipantCommand command = Assert.Single(ParticipantsFile.Parse("f.yaml", """
            participants:
              - sender: TW
                target: ISLD
                noPassword: true
                resetOnLogon: true
                resetTime: "17:00:30"
                resetDays: Sat Sun
                resetZone: America/New_York
                heartbeatMin: 2
                messagesPerSecond: 50
                resendRequestsMax: 7
                allowUserDefinedTags: true
                allowEmptyValues: true
                allowAnyFieldOrder: true
                checkCompIds: false
                checkLatency: false
                allowedAddresses: 10.1.0.0/16, 192.0.2.7 2001:db8::/32
                certificateName: tw.example
            """, 10));
        Assert.Equal(
            ParticipantFlags.NoPassword | ParticipantFlags.ResetOnLogon | ParticipantFlags.AllowUserDefinedTags | ParticipantFlags.AllowEmptyValues
                | ParticipantFlags.AllowAnyFieldOrder | ParticipantFlags.SkipCompIdCheck | ParticipantFlags.SkipLatencyCheck,
            command.Flags);
        Assert.Equal((61_230, 0b1000001, "America/New_York"), (command.ResetTimeOfDaySec, command.ResetDays, command.ResetZone.ToString()));
        Assert.Equal((2, 50, 7, "tw.example"), (command.HeartBtIntMinSec, command.MessagesPerSecondMax, command.ResendRequestsMax, command.CertificateName.ToString()));
        Assert.Equal([112, 128, 32, 0], ((ReadOnlySpan<AddressRange>)command.AllowedAddresses)[..4].ToArray().Select(r => r.PrefixLength));
        Assert.True(command.AllowedAddresses[0].Contains(IPAddress.Parse("10.1.200.3").MapToIPv6().GetAddressBytes()));
        Assert.False(command.AllowedAddresses[0].Contains(IPAddress.Parse("10.2.0.1").MapToIPv6().GetAddressBytes()));
        Assert.Null(Core.Sessions.ParticipantDefinition.Check(in command));
    }

    [Theory]
    [InlineData("any", "")]
    [InlineData("4.2", "FIX.4.2")]
    [InlineData("4.4", "FIX.4.4")]
    [InlineData("5.0SP2", "FIXT.1.1")]
    public void A_version_stands_for_its_BeginString(string version, string beginString) => Assert.Equal(
        beginString, Assert.Single(ParticipantsFile.Parse("f.yaml", $"participants:\n  - {{ sender: TW, noPassword: true, version: {version} }}", 1)).BeginString.ToString());

    [Theory]
    [InlineData("participants:\n  - { sender: A, password: x, resetZone: UTC }", "f.yaml line 2: field resetZone: needs resetTime beside it")]
    [InlineData("participants:\n  - { sender: A, password: x, resetTime: '25:00' }", "f.yaml line 2: field resetTime: '25:00' must be a time of day, HH:MM or HH:MM:SS")]
    [InlineData("participants:\n  - { sender: A, password: x, resetTime: '17:00', resetDays: Someday }", "f.yaml line 2: field resetDays: 'Someday' must be daily, or days of the week")]
    [InlineData("participants:\n  - { sender: A, password: x, resetTime: '17:00', resetZone: Mars/Olympus }", "f.yaml line 2: field resetZone: 'Mars/Olympus' is no time zone that this box knows")]
    [InlineData("participants:\n  - { sender: A, password: x, allowedAddresses: 10.0.0.0/33 }", "f.yaml line 2: field allowedAddresses: '10.0.0.0/33' must be an IP address, or a range")]
    [InlineData("participants:\n  - { sender: A, password: x, allowedAddresses: '1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4 1.1.1.5 1.1.1.6 1.1.1.7 1.1.1.8 1.1.1.9' }", "f.yaml line 2: field allowedAddresses: 9 ranges are more than the 8 that there may be")]
    [InlineData("participants:\n  - { sender: A, password: x, checkLatency: 1 }", "f.yaml line 2: field checkLatency: '1' must be one of true, false")]
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
