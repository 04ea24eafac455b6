using System.Runtime.InteropServices;
using Exchange.Core.Tests.Sessions;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Tests;

/// <summary>After warm-up the core allocates nothing, whatever the command.</summary>
public sealed class ExchangeCoreTestsAllocation
{
    [Fact]
    public void Replaying_a_random_log_a_second_time_allocates_nothing_per_command()
    {
        // The log is recorded once and measured on a fresh core: what is defined, and what grows for the first time, happens in the
        // first half; the second half must cost nothing, in whatever order the commands come.
        using CoreHarness exchange = CoreHarness.Open(participants: 4, ParticipantFlags.CancelOnDisconnect, dayEndNs: 17 * 3_600 * CoreHarness.SecondNs);
        RandomVenue venue = new(exchange, seed: 7, sessions: 4);
        for (int i = 0; i < 20_000; i++)
        {
            venue.Step();
        }

        using ExchangeCore core = CoreHarness.NewCore();
        using EventBuffer events = new(1 << 22);
        int half = exchange.Log.Count / 2;
        for (int i = 0; i < half; i++)
        {
            Apply(core, events, exchange.Log[i]);
        }

        long worst = 0;
        CommandType worstType = CommandType.None;
        for (int i = half; i < exchange.Log.Count; i++)
        {
            (CommandContext context, byte[] bytes) = exchange.Log[i];
            events.Clear();
            long before = GC.GetAllocatedBytesForCurrentThread();
            core.Apply(in context, bytes, events);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated > worst)
            {
                worst = allocated;
                worstType = MemoryMarshal.Read<CommandHeader>(bytes).Type;
            }
        }

        Assert.True(worst == 0, $"{worstType} allocated {worst} bytes");
    }

    [Fact]
    public void Validating_frames_allocates_nothing()
    {
        using CoreHarness exchange = ExchangeCoreTests.Busy();
        int accepted = Count(exchange);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int again = Count(exchange);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(accepted, again);
        Assert.Equal(0, allocated);
    }

    private static int Count(CoreHarness exchange)
    {
        int accepted = 0;
        for (int i = 0; i < exchange.Log.Count; i++)
        {
            accepted += CommandValidation.IsAcceptableFromGateway(exchange.Log[i].Bytes) ? 1 : 0;
        }

        return accepted;
    }

    private static void Apply(ExchangeCore core, EventBuffer events, (CommandContext Context, byte[] Bytes) entry)
    {
        events.Clear();
        core.Apply(in entry.Context, entry.Bytes, events);
    }
}
