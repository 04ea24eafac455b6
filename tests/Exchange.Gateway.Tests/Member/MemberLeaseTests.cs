using Exchange.Gateway.Member;

namespace Exchange.Gateway.Tests.Member;

/// <summary>How long a gateway believes in a member that says nothing.</summary>
public sealed class MemberLeaseTests
{
    private const long Ms = 1_000_000;

    [Fact]
    public void Silence_ends_the_lease_and_a_sign_of_life_renews_it()
    {
        MemberLease lease = new(TimeSpan.FromMilliseconds(200));
        lease.Begin(0);
        long now = 0;
        for (; now < 190 * Ms; now += Ms)
        {
            Assert.False(lease.IsOver(now));
        }

        lease.Renew();
        for (long end = now + (199 * Ms); now < end; now += Ms)
        {
            Assert.False(lease.IsOver(now));
        }

        Assert.False(lease.IsOver(now));
        Assert.True(lease.IsOver(now + (2 * Ms)));
    }

    [Fact]
    public void Time_in_which_the_gateway_itself_did_not_run_hardly_counts()
    {
        MemberLease lease = new(TimeSpan.FromMilliseconds(200));
        lease.Begin(0);
        for (int pause = 1; pause <= 8; pause++)
        {
            Assert.False(lease.IsOver(pause * 300 * Ms));
        }

        Assert.True(lease.IsOver((8 * 300 * Ms) + (25 * Ms)));
    }

    [Fact]
    public void A_gateway_that_stood_still_for_long_gives_up_at_once()
    {
        MemberLease lease = new(TimeSpan.FromMilliseconds(200));
        lease.Begin(0);
        Assert.True(lease.IsOver(501 * Ms));
    }

    [Fact]
    public void A_lease_of_no_length_never_ends()
    {
        MemberLease lease = new(TimeSpan.Zero);
        lease.Begin(0);
        Assert.False(lease.IsOver(long.MaxValue));
    }
}
