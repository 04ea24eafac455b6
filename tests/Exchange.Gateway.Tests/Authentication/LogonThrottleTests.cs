using System.Net;
using Exchange.Gateway.Authentication;

namespace Exchange.Gateway.Tests.Authentication;

public class LogonThrottleTests
{
    private const long Second = 1_000_000_000;
    private static readonly IPAddress Guesser = IPAddress.Parse("10.0.0.1");

    [Fact]
    public void An_address_may_fail_as_often_as_the_burst_and_then_once_per_refill()
    {
        LogonThrottle throttle = new(burst: 3, refillNs: Second, addressesMax: 10);
        for (int i = 0; i < 3; i++)
        {
            Assert.True(throttle.MayTry(Guesser, 0));
            throttle.Failed(Guesser, 0);
        }

        Assert.False(throttle.MayTry(Guesser, 0));
        Assert.False(throttle.MayTry(Guesser, Second - 1));
        Assert.True(throttle.MayTry(Guesser, Second));
        throttle.Failed(Guesser, Second);
        Assert.False(throttle.MayTry(Guesser, Second));
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    public void A_client_does_not_get_around_it_with_the_many_addresses_of_its_IPv6_network(string first, string second, bool isSame)
    {
        LogonThrottle throttle = new(burst: 1, refillNs: Second, addressesMax: 10);
        throttle.Failed(IPAddress.Parse(first), 0);
        Assert.Equal(!isSame, throttle.MayTry(IPAddress.Parse(second), 0));
    }

    [Fact]
    public void Failing_on_does_not_lock_an_address_out_for_longer_than_the_burst()
    {
        LogonThrottle throttle = new(burst: 3, refillNs: Second, addressesMax: 10);
        for (int i = 0; i < 1000; i++)
        {
            throttle.Failed(Guesser, 0);
        }

        Assert.False(throttle.MayTry(Guesser, 0));
        Assert.True(throttle.MayTry(Guesser, Second));
    }

    [Fact]
    public void Other_addresses_are_not_concerned()
    {
        LogonThrottle throttle = new(burst: 1, refillNs: Second, addressesMax: 10);
        throttle.Failed(Guesser, 0);

        Assert.False(throttle.MayTry(Guesser, 0));
        Assert.True(throttle.MayTry(IPAddress.Parse("10.0.0.2"), 0));
    }

    [Fact]
    public void A_full_table_forgets_who_has_recovered_most()
    {
        LogonThrottle throttle = new(burst: 1, refillNs: Second, addressesMax: 2);
        throttle.Failed(IPAddress.Parse("10.0.0.2"), 0);
        throttle.Failed(Guesser, 10);
        throttle.Failed(IPAddress.Parse("10.0.0.3"), 20);

        Assert.Equal(2, throttle.AddressCount);
        Assert.False(throttle.MayTry(Guesser, 30));
        Assert.True(throttle.MayTry(IPAddress.Parse("10.0.0.2"), 30));
    }
}
