using Exchange.Acceptance.Support;
using Xunit.Abstractions;

namespace Exchange.Acceptance;

/// <summary>What is left of an exchange whose processes died all at once.</summary>
public class RecoveryTests(ITestOutputHelper output) : AcceptanceTest(output)
{
    [Fact]
    public void After_a_kill_of_everything_books_sessions_and_numbers_are_the_same()
    {
        ExchangeProcess first = StartExchange();
        FixClient maker = Client(first, "HFT1").LogOn();
        FixClient taker = Client(first, "HFT2").LogOn();
        maker.Send("D", Orders.New("M1", Orders.Buy, 50, 10.00m));
        maker.Send("D", Orders.New("M2", Orders.Buy, 60, 10.00m));
        maker.Send("D", Orders.New("M3", Orders.Buy, 70, 10.05m));
        Assert.Equal(["0", "0", "0"], Enumerable.Range(0, 3).Select(_ => maker.Receive()[150]));
        taker.Send("D", Orders.New("T1", Orders.Sell, 80, 10.00m));
        Assert.Equal(["0", "F", "F"], Enumerable.Range(0, 3).Select(_ => taker.Receive()[150]));
        Assert.Equal(["F", "F"], Enumerable.Range(0, 2).Select(_ => maker.Receive()[150]));
        Dictionary<string, string> before = Statuses(maker, taker);
        Assert.Equal("70/0", before["M3"]);
        Assert.Equal("10/40", before["M1"]);

        first.KillAll();
        string hash = CommandResult.Exchange("verify", State).StateHash();
        Assert.Equal(hash, CommandResult.Exchange("replay", State).StateHash());

        StartExchange(first.FixPort);
        maker.LogOn();
        taker.LogOn();
        Assert.Equal(before, Statuses(maker, taker));

        // Time priority survived: M1 is still ahead of M2.
        taker.Send("D", Orders.New("T2", Orders.Sell, 41, 10.00m));
        FixMessage[] fills = [maker.Receive(), maker.Receive()];
        Assert.Equal([("M1", 40m), ("M2", 1m)], fills.Select(f => (f[11]!, f.Number(32))));
        Assert.Empty(maker.Violations.Concat(taker.Violations));
    }

    [Fact]
    public void A_damaged_log_is_refused_with_its_place_and_the_remedy()
    {
        ExchangeProcess exchange = StartExchange();
        FixClient client = Client(exchange, "HFT1").LogOn();
        for (int i = 0; i < 50; i++)
        {
            client.Send("D", Orders.New($"B{i}", Orders.Buy, 10, 1m));
        }

        for (int i = 0; i < 50; i++)
        {
            Assert.Equal("0", client.Receive()[150]);
        }

        exchange.StopCleanly();
        RemoveSnapshots();
        string segment = Damage("B20");

        CommandResult start = CommandResult.Exchange("local", "--dir", State, "--fix-port", $"{exchange.FixPort}");
        Say($"{start.ExitCode}: {start.Error}");
        Assert.NotEqual(0, start.ExitCode);
        string line = Assert.Single(start.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(Path.GetFileName(segment), line, StringComparison.Ordinal);
        Assert.Empty(Posix.WithCommandLine(State));

        CommandResult verify = CommandResult.Exchange("verify", State);
        Say($"{verify.ExitCode}: {verify.Error}");
        Assert.NotEqual(0, verify.ExitCode);
        Assert.Contains(Path.GetFileName(segment), verify.Error, StringComparison.Ordinal);
    }

    /// <summary>Open and filled quantity of each order of the scenario, by status request.</summary>
    private static Dictionary<string, string> Statuses(FixClient maker, FixClient taker)
    {
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        foreach ((FixClient client, string id, string side) in new[] { (maker, "M1", Orders.Buy), (maker, "M2", Orders.Buy), (maker, "M3", Orders.Buy), (taker, "T1", Orders.Sell) })
        {
            client.Send("H", Orders.Status(id, side));
            FixMessage report = client.Receive();
            Assert.Equal("I", report[150]);
            found[id] = $"{report[14]}/{report[151]}";
        }

        return found;
    }

    /// <summary>A snapshot behind the damage would make it harmless; here there shall be none.</summary>
    private void RemoveSnapshots()
    {
        foreach (string file in Directory.EnumerateFiles(State, "*snap*", SearchOption.AllDirectories))
        {
            File.Delete(file);
        }
    }

    /// <summary>Flips one bit in the middle of what was logged for an order.</summary>
    private string Damage(string clOrdId)
    {
        byte[] needle = System.Text.Encoding.ASCII.GetBytes(clOrdId);
        foreach (string file in Directory.EnumerateFiles(State, "*", SearchOption.AllDirectories).Where(f => f.Contains("log", StringComparison.Ordinal)))
        {
            byte[] bytes = File.ReadAllBytes(file);
            int index = bytes.AsSpan().IndexOf(needle);
            if (index > 0 && !file.EndsWith(".txt", StringComparison.Ordinal))
            {
                bytes[index] ^= 1;
                File.WriteAllBytes(file, bytes);
                return file;
            }
        }

        throw new FileNotFoundException($"{clOrdId} is in no file below {State}");
    }
}
