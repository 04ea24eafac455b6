using Exchange.Host.Client;

namespace Exchange.Host.Tests.Client;

public sealed class AddressRotationTests
{
    [Fact]
    public void A_refusal_moves_on_at_once_and_rests_after_a_round()
    {
        AddressRotation rotation = new(2);
        Assert.Equal(1000, rotation.OnRefused(1000));
        Assert.Equal(1, rotation.Current);
        Assert.InRange(rotation.OnRefused(1000), 1001, FixTime.NsPerSec / 100);
        Assert.Equal(0, rotation.Current);
    }

    [Fact]
    public void The_rest_grows_but_stays_short()
    {
        AddressRotation rotation = new(2);
        long now = 1;
        for (int i = 0; i < 1000; i++)
        {
            long next = rotation.OnRefused(now);
            Assert.InRange(next - now, 0, FixTime.NsPerSec / 50);
            now = next;
        }

        Assert.True(now > 5 * FixTime.NsPerSec);
    }

    [Fact]
    public void A_silent_address_is_left_out_while_another_may_serve()
    {
        AddressRotation rotation = new(2);
        long now = rotation.OnSilent(0);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(1, rotation.Current);
            now = rotation.OnRefused(now);
        }

        rotation.OnRefused(FixTime.NsPerSec);
        Assert.Equal(0, rotation.Current);
    }

    [Fact]
    public void With_all_silent_the_longest_left_is_tried()
    {
        AddressRotation rotation = new(3);
        rotation.OnSilent(0);
        rotation.OnSilent(1);
        rotation.OnSilent(2);
        Assert.Equal(0, rotation.Current);
    }
}
