using System.Runtime.InteropServices;
using Exchange.Core.Tests.Sessions;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.StateMachine;
using Xunit.Abstractions;

namespace Exchange.Core.Tests;

/// <summary>
/// Random lives of a small venue: clients that lose connections, skip numbers, repeat themselves, reset and lie; gateways that die;
/// terms that end. Whatever they do, the numbers towards each client stay continuous, nothing throws, and a core restored in the middle
/// goes on byte for byte like one that applied the whole log.
/// </summary>
public sealed class ExchangeCoreTestsRandom(ITestOutputHelper output)
{
    private const int Sessions = 4;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void Random_commands_keep_numbers_continuous_and_snapshots_equal(int salt)
    {
        int seed = unchecked(Environment.TickCount * 31) + salt;
        output.WriteLine($"seed {seed}");
        Run(seed, commands: 4_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20_261_121)]
    public void Seeds_that_are_run_every_time(int seed) => Run(seed, commands: 10_000);

    [Fact]
    public void The_random_venue_gets_everywhere()
    {
        using CoreHarness exchange = CoreHarness.Open(Sessions, ParticipantFlags.CancelOnDisconnect, dayEndNs: 10 * 3_600 * CoreHarness.SecondNs + 1);
        RandomVenue venue = new(exchange, seed: 3, Sessions);
        SortedDictionary<string, int> seen = [];
        int read = 0;
        for (int i = 0; i < 10_000; i++)
        {
            venue.Step();
        }

        while (read < exchange.AllEvents.Length)
        {
            EventHeader header = MemoryMarshal.Read<EventHeader>(exchange.AllEvents.GetBuffer().AsSpan(read));
            string kind = header.Type + (header.Flags == EventFlags.PossResend ? " PossResend" : "") + (header.ConnectionId == 0 && header.MsgSeqNum != 0 ? " kept" : "");
            seen[kind] = seen.GetValueOrDefault(kind) + 1;
            read += header.Length;
        }

        output.WriteLine(string.Join('\n', seen.Select(pair => $"{pair.Value,8} {pair.Key}")));
        string[] wanted =
        [
            "Logon", "Heartbeat", "TestRequest", "ResendRequest", "Reject", "BusinessReject", "Logout", "ExecutionReport", "ExecutionReport kept",
            "ExecutionReport PossResend", "CancelReject", "ResendRange", "HistoryReset", "CloseConnection", "GatewayReady", "Participant", "Instrument",
        ];
        Assert.All(wanted, kind => Assert.True(seen.GetValueOrDefault(kind) >= 10, $"{kind} was seen {seen.GetValueOrDefault(kind)} times"));
    }

    private static void Run(int seed, int commands)
    {
        using CoreHarness exchange = CoreHarness.Open(Sessions, ParticipantFlags.CancelOnDisconnect, dayEndNs: 10 * 3_600 * CoreHarness.SecondNs + 1);
        RandomVenue venue = new(exchange, seed, Sessions);
        NumberCheck numbers = new(Sessions);
        for (int i = 0; i < commands; i++)
        {
            try
            {
                venue.Step();
                numbers.Check(exchange.AllEvents);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}, command {i}: {failure.Message}", failure);
            }
        }

        Replay(exchange, seed);
    }

    private static void Replay(CoreHarness exchange, int seed)
    {
        // From zero, with a snapshot taken and restored at three random places on the way.
        Random random = new(seed);
        HashSet<int> stops = [random.Next(exchange.Log.Count), random.Next(exchange.Log.Count), exchange.Log.Count / 2];
        using CoreHarness replica = new();
        for (int i = 0; i < exchange.Log.Count; i++)
        {
            if (stops.Contains(i))
            {
                ulong hash = replica.Core.StateHash();
                Assert.True(replica.Restore().Core.StateHash() == hash, $"seed {seed}, command {i}: a restored core has another state");
            }

            (CommandContext context, byte[] command) = exchange.Log[i];
            replica.ApplyLogged(in context, command);
        }

        Assert.True(replica.AllEvents.ToArray().AsSpan().SequenceEqual(exchange.AllEvents.ToArray()), $"seed {seed}: event bytes differ");
        Assert.Equal(exchange.Core.EventHash, replica.Core.EventHash);
        Assert.Equal(exchange.Core.StateHash(), replica.Core.StateHash());
        Assert.Equal(exchange.Core.NextDeadlineNs, replica.Core.NextDeadlineNs);
    }

    /// <summary>Follows the numbers of each session's events: from 1, without a hole, again from 1 after a HistoryReset.</summary>
    private sealed class NumberCheck(int sessions)
    {
        private readonly long[] _last = new long[sessions];
        private int _offset;

        public void Check(MemoryStream events)
        {
            while (_offset < events.Length)
            {
                EventHeader header = MemoryMarshal.Read<EventHeader>(events.GetBuffer().AsSpan(_offset));
                ReadOnlySpan<byte> bytes = events.GetBuffer().AsSpan(_offset, header.Length);
                _offset += header.Length;
                Assert.Equal(0, header.Length % 8);
                Assert.Equal(header.Type < EventType.ResendRange, header.MsgSeqNum != 0);
                if (header.Type == EventType.HistoryReset)
                {
                    _last[header.SessionId] = 0;
                }
                else if (header.Type == EventType.ResendRange)
                {
                    RangeEvent range = MemoryMarshal.Read<RangeEvent>(bytes);
                    Assert.InRange(range.BeginSeqNo, 1, range.EndSeqNo);
                    Assert.InRange(range.EndSeqNo, 1, _last[header.SessionId]);
                }
                else if (header.MsgSeqNum != 0)
                {
                    Assert.Equal(++_last[header.SessionId], header.MsgSeqNum);
                }
            }
        }
    }
}
