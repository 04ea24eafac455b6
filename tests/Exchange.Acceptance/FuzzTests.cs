using System.Text;
using Exchange.Acceptance.Support;
using Xunit.Abstractions;

namespace Exchange.Acceptance;

/// <summary>
/// Any bytes on the FIX port: never a crash, never a neighbour that waits. EXCHANGE_FUZZ_MESSAGES says how many mutated messages,
/// EXCHANGE_SEED repeats a run.
/// </summary>
public class FuzzTests(ITestOutputHelper output) : TradersTest(output)
{
    private const char Soh = '\u0001';
    private static readonly string[] Tags = ["8", "9", "10", "34", "35", "49", "56", "52", "43", "122", "11", "38", "44", "54", "55", "95", "96", "141", "789", "0", "-1", "99999999999"];
    private static readonly string[] Values = ["", "0", "-1", "Y", "N", "99999999999999999999", "2147483648", "1e9", "NaN", "0.000000001", "\0", "é", "=", "20261121-25:61:61", "A", "D", "4", "5"];

    [Fact]
    public void Mutated_messages_never_cost_a_neighbour_an_answer()
    {
        int count = Number("EXCHANGE_FUZZ_MESSAGES", 3000);
        Say($"EXCHANGE_SEED={Seed} EXCHANGE_FUZZ_MESSAGES={count}");
        ExchangeProcess exchange = StartExchange();
        IReadOnlyList<ProcessEntry> before = exchange.Processes();
        using Trader neighbour = new("HFT1", exchange.FixPorts, Seed);

        Attack(exchange, neighbour, new Random(Seed), count);

        neighbour.Pause();
        Poll.Until(() => neighbour.Failure is not null || neighbour.Unanswered == 0, "an answer to each of the neighbour's orders", exchange.Describe);
        neighbour.Stop();
        Assert.Null(neighbour.Failure);
        Assert.Equal(before, exchange.Processes());
        Assert.Empty(neighbour.Client.Violations);
        Assert.Empty(neighbour.Ledger.Violations);
        Say($"neighbour: {neighbour.Ledger.Accepted} orders accepted meanwhile");

        // Who was abused can go on: a Logon with 141=Y settles whatever the mutations did to the numbers.
        // Its address has failed to log on so often that it has to wait for its turn.
        Poll.Until(
            () =>
            {
                using FixConnection again = FixConnection.Open(exchange.FixPort);
                again.Send(FixMessage.Compose("FIX.4.4", [(35, "A"), (49, "HFT2"), (56, "EXCH"), (34, "1"), (52, FixClient.Now()), (98, "0"), (108, "30"), (141, "Y"), (553, "HFT2"), (554, "HFT2")]));
                return again.Receive(TimeSpan.FromSeconds(15))?.Type == "A";
            },
            "a Logon of who was abused",
            exchange.Describe,
            TimeSpan.FromSeconds(120));
        exchange.StopCleanly();
        Assert.Equal(CommandResult.Exchange("verify", State).StateHash(), CommandResult.Exchange("replay", State).StateHash());
    }

    [Fact]
    public void Connections_that_say_nothing_or_never_end_cost_nobody_else_anything()
    {
        ExchangeProcess exchange = StartExchange();
        List<FixConnection> idle = [.. Enumerable.Range(0, 50).Select(_ => FixConnection.Open(exchange.FixPort))];
        FixConnection endless = FixConnection.Open(exchange.FixPort);
        byte[] megabyte = Encoding.Latin1.GetBytes("8=FIX.4.4\u00019=999999\u000135=D\u0001" + new string('A', 1 << 20));
        for (int i = 0; i < 20 && !endless.IsClosed; i++)
        {
            endless.Send(megabyte);
        }

        FixClient client = Client(exchange, "HFT1").LogOn();
        client.Send("D", Orders.New("B1", Orders.Buy, 10, 1m));
        Assert.Equal("0", client.Receive()[150]);
        idle.ForEach(connection => connection.Dispose());
        endless.Dispose();
        exchange.StopCleanly();
    }

    [Fact]
    public void A_client_that_never_reads_is_dropped_and_costs_its_neighbour_nothing()
    {
        ExchangeProcess exchange = StartExchange();
        using Trader neighbour = new("HFT1", exchange.FixPorts, Seed);
        FixClient deaf = Client(exchange, "HFT2").LogOn();

        // Each order is answered with about 160 bytes: in the end more than kernel and gateway keep for one client.
        const int orders = 200_000;
        const int together = 500;
        int sent = 0;
        int accepted = 0;
        while (sent < orders && !deaf.IsDisconnected)
        {
            deaf.SendTogether([.. Enumerable.Range(sent, together).Select(i => ("D", Orders.New($"D{i}", Orders.Buy, 1, 0.01m, "MSFT")))]);
            sent += together;
            if (sent % 20_000 == 0)
            {
                Poll.Until(() => neighbour.Failure is not null || neighbour.Accepted > accepted, $"the neighbour's next order, after {sent}", exchange.Describe);
                accepted = neighbour.Accepted;
            }
        }

        Say($"{sent} orders sent unread, neighbour {neighbour.Accepted}");
        neighbour.Pause();
        Poll.Until(() => neighbour.Failure is not null || neighbour.Unanswered == 0, "an answer to each of the neighbour's orders", exchange.Describe);
        neighbour.Stop();
        Assert.Null(neighbour.Failure);
        Assert.Empty(neighbour.Client.Violations.Concat(neighbour.Ledger.Violations));

        // It comes back, listens, and has one answer for each order: what was lost on the way is resent, what never arrived asked for.
        deaf.Drop();
        deaf.LogOn(TimeSpan.FromSeconds(120));
        HashSet<string> answered = [];
        for (int i = 0; i < sent; i++)
        {
            FixMessage report = deaf.Receive(TimeSpan.FromSeconds(60));
            Assert.True(report[150] == "0" && answered.Add(report[11]!), report.Raw);
        }

        Assert.Empty(deaf.Violations);
        Say($"{deaf.Recovered} recovered, {deaf.Resent} sent again");
    }

    private void Attack(ExchangeProcess exchange, Trader neighbour, Random random, int count)
    {
        FixConnection? connection = null;
        int logons = 0;
        int number = 0;
        int accepted = neighbour.Accepted;
        for (int i = 0; i < count; i++)
        {
            if (connection is null or { IsClosed: true })
            {
                connection?.Dispose();
                connection = FixConnection.Open(exchange.FixPort);
                if (random.Next(10) < 8)
                {
                    // Reset, so that the next mutations reach the session and do not end in a gap.
                    connection.Send(Compose("A", 1, (98, "0"), (108, "30"), (141, "Y"), (553, "HFT2"), (554, "HFT2")));
                    number = 2;
                    logons += connection.Receive(TimeSpan.FromMilliseconds(500))?.Type == "A" ? 1 : 0;
                }
            }

            connection.Send(Mutate(random, Original(random, number++)));
            if (random.Next(4) == 0)
            {
                while (connection.Receive(TimeSpan.FromMilliseconds(1)) is not null)
                {
                    // Whatever it answers: it is a perfect message, or Receive would have thrown.
                }
            }

            if (i % 500 == 499)
            {
                Poll.Until(() => neighbour.Failure is not null || neighbour.Accepted > accepted, $"the neighbour's next order, after {i + 1} messages", exchange.Describe);
                accepted = neighbour.Accepted;
            }
        }

        connection?.Dispose();
        Say($"{count} messages, {logons} sessions");
        Assert.True(logons > 0, "no mutation ever reached a session");
    }

    private static byte[] Original(Random random, int number) => random.Next(9) switch
    {
        0 => Compose("A", number, (98, "0"), (108, "30"), (553, "HFT2"), (554, "HFT2")),
        1 => Compose("1", number, (112, "TEST")),
        2 => Compose("2", number, (7, "1"), (16, "0")),
        3 => Compose("4", number, (123, "Y"), (36, $"{number + 3}")),
        4 => Compose("5", number),
        5 => Compose("F", number, Orders.Cancel($"C{number}", $"X{number - 1}", Orders.Buy)),
        6 => Compose("G", number, Orders.Replace($"R{number}", $"X{number - 1}", Orders.Buy, 10, 1m)),
        _ => Compose("D", number, Orders.New($"X{number}", Orders.Buy, 10, 1m)),
    };

    private static byte[] Compose(string type, int number, params (int Tag, string Value)[] body) =>
        FixMessage.Compose("FIX.4.4", [(35, type), (49, "HFT2"), (56, "EXCH"), (34, $"{number}"), (52, FixClient.Now()), .. body]);

    private static byte[] Mutate(Random random, byte[] message)
    {
        List<string> fields = [.. Encoding.Latin1.GetString(message)[..^1].Split(Soh)];
        int at = random.Next(fields.Count);
        switch (random.Next(10))
        {
            case 0:
                message[random.Next(message.Length)] = (byte)random.Next(256);
                return message;
            case 1:
                return message[..random.Next(message.Length)];
            case 2:
                byte[] noise = new byte[random.Next(1, 300)];
                random.NextBytes(noise);
                return [.. noise, .. message];
            case 3:
                fields.RemoveAt(at);
                break;
            case 4:
                fields.Insert(at, fields[random.Next(fields.Count)]);
                break;
            case 5:
                (fields[at], fields[0]) = (fields[0], fields[at]);
                break;
            case 6:
                fields[at] = $"{Tags[random.Next(Tags.Length)]}={Values[random.Next(Values.Length)]}";
                break;
            case 7:
                return message;
            default:
                fields[at] = $"{fields[at].Split('=')[0]}={Values[random.Next(Values.Length)]}";
                break;
        }

        // Most mutants get a right length and checksum, or none would come past the framer.
        return random.Next(5) == 0 ? Encoding.Latin1.GetBytes(string.Join(Soh, fields) + Soh) : Reframe(fields);
    }

    private static byte[] Reframe(List<string> fields)
    {
        string body = string.Concat(fields.Where(f => !f.StartsWith("8=", StringComparison.Ordinal) && !f.StartsWith("9=", StringComparison.Ordinal) && !f.StartsWith("10=", StringComparison.Ordinal)).Select(f => f + Soh));
        byte[] bytes = Encoding.Latin1.GetBytes($"8=FIX.4.4{Soh}9={body.Length}{Soh}{body}");
        return [.. bytes, .. Encoding.Latin1.GetBytes($"10={bytes.Sum(b => b) & 0xFF:D3}{Soh}")];
    }
}
