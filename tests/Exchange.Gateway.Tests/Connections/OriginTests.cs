using System.Net;
using Exchange.Gateway.Connections;
using Exchange.Gateway.Tests.Scenarios;
using Exchange.Protocol.Commands;

namespace Exchange.Gateway.Tests.Connections;

/// <summary>Where a participant may come from, and with which certificate.</summary>
public class OriginTests
{
    [Theory]
    [InlineData("127.0.0.1", 32, true)]
    [InlineData("127.0.0.0", 8, true)]
    [InlineData("126.0.0.0", 7, true)]
    [InlineData("127.0.0.2", 32, false)]
    [InlineData("10.0.0.0", 8, false)]
    [InlineData("::1", 128, false)]
    public void A_session_is_known_at_its_addresses_only_and_elsewhere_refused_like_a_wrong_password(string network, int prefix, bool mayLogOn)
    {
        ConnectionStory story = new();
        story.Redefine((ref DefineParticipantCommand definition) => Allow(ref definition.AllowedAddresses[2], network, prefix));
        story.Arrives(FixText.Logon("HFT1", time: story.Time));
        Assert.Equal(ConnectionState.AwaitingPasswordCheck, story.Connection.State);
        story.PasswordIsChecked();
        Assert.Equal(mayLogOn ? [CommandType.Logon] : [], story.Types);
        Assert.Equal(mayLogOn ? CloseReason.None : CloseReason.LogonRefused, story.Connection.CloseReason);
        Assert.Equal("", story.Said);
    }

    [Fact]
    public void One_of_several_ranges_is_enough()
    {
        ConnectionStory story = new();
        story.Redefine((ref DefineParticipantCommand definition) =>
        {
            Allow(ref definition.AllowedAddresses[0], "2001:db8::", 32);
            Allow(ref definition.AllowedAddresses[1], "127.0.0.0", 30);
        });
        story.LogsOn();
        Assert.Equal([CommandType.Logon], story.Types);
    }

    [Theory]
    [InlineData(true, "HFT1.example")]
    [InlineData(true, "Desk 7", "HFT2.example", "HFT1.example")]
    [InlineData(false, "HFT1.EXAMPLE")]
    [InlineData(false, "HFT1.example.org", "HFT1")]
    [InlineData(false)]
    public void A_participant_with_a_certificate_name_needs_a_certificate_with_that_name(bool mayLogOn, params string[] shown)
    {
        ConnectionStory story = new();
        story.Redefine((ref DefineParticipantCommand definition) => definition.CertificateName = Protocol.Text.Text64.From("HFT1.example"));
        FixConnection connection = new(0, story.Context);
        connection.Open(17, new IPEndPoint(IPAddress.Loopback, 1), story.Now, shown);
        Assert.Equal(mayLogOn, story.Context.Directory.Find(3)!.MayComeFrom(IPAddress.Loopback, connection.CertificateNames));
    }

    private static void Allow(ref AddressRange range, string network, int prefix)
    {
        IPAddress address = IPAddress.Parse(network);
        bool isMapped = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork;
        address.MapToIPv6().TryWriteBytes(range.Address, out _);
        range.PrefixLength = prefix + (isMapped ? 96 : 0);
    }
}
