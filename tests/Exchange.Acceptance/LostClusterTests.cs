// All members at once: the power of the only host, or of all hosts. What the kernel had not written is gone, which no test can do to a
// kernel; but members cannot know whether anything is gone, and that is what is tested: a marker of this boot that is missing counts as
// a boot that came between.
using Exchange.Acceptance.Support;
using Xunit.Abstractions;

namespace Exchange.Acceptance;

/// <summary>A cluster whose members all went down without a flush goes on from the longest log.</summary>
public class LostClusterTests(ITestOutputHelper output) : ClusterTest(output)
{
    [Fact]
    public void After_a_reboot_of_everything_the_exchange_comes_back_by_itself()
    {
        ExchangeProcess first = StartCluster();
        StartTrading(first);
        TradeOn(first, 100, "the power cut");
        first.KillAll();
        ForgetBoot(1, 2, 3);

        ExchangeProcess second = StartExchange(first.FixPort, "--members", "3");
        Assert.Contains("WARNING: the log of member", second.Output, StringComparison.Ordinal);
        TradeOn(second, 50, "the end");
        SettleCluster(second);
    }

    [Fact]
    public void Operators_recover_the_directories_of_stopped_members()
    {
        ExchangeProcess first = StartCluster();
        FixClient client = Client(first, "HFT8").LogOn();
        client.Send("D", Orders.New("B1", Orders.Buy, 10, 1m, "NVDA"));
        Assert.Equal("0", client.Receive()[150]);
        Whole(first);
        Assert.Contains("another exchange runs", Ctl(2, "recover").Error, StringComparison.Ordinal);
        first.KillAll();
        Assert.Contains("nothing to recover", Ctl(0, "recover").Output, StringComparison.Ordinal);

        // The witness alone has kept its log: it is what the engines go on with.
        ForgetBoot(1, 2, 3);
        Directory.Delete(Path.Combine(State, "member-1", "log"), recursive: true);
        string damaged = Directory.EnumerateFiles(Path.Combine(State, "member-2", "log"), "*.seg*").Order(StringComparer.Ordinal).First();
        using (FileStream file = new(damaged, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Position = 4096 + 1000;
            // Not zeros: records hold many, and then nothing would be damaged.
            byte[] damage = new byte[64];
            Array.Fill(damage, (byte)0xA5);
            file.Write(damage);
        }

        CommandResult refused = Ctl(1, "recover");
        Assert.Contains("only 1 of 3", refused.Error, StringComparison.Ordinal);
        CopyDirectory(Path.Combine(State, "member-3", "log"), Path.Combine(State, "member-1", "log"));
        Assert.Contains("member 2 has the log of member", Ctl(0, "recover").Output, StringComparison.Ordinal);
        Assert.Contains("nothing to recover", Ctl(0, "recover").Output, StringComparison.Ordinal);

        ExchangeProcess second = StartExchange(first.FixPort, "--members", "3");
        client.LogOn();
        client.Send("H", Orders.Status("B1", Orders.Buy, "NVDA"));
        FixMessage status = client.Receive();
        Assert.Equal(("I", "0", 10m), (status[150], status[39], status.Number(151)));
        Whole(second);
        second.StopCleanly();
    }

    private static void CopyDirectory(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    private void ForgetBoot(params int[] members)
    {
        foreach (int id in members)
        {
            File.Delete(Path.Combine(State, $"member-{id}", "log", "shutdown.marker"));
        }
    }
}
