using Exchange.Core.Requests;
using Exchange.Core.Tests.Sessions;

namespace Exchange.Core.Tests.Requests;

/// <summary>Requests with long answers as part of the whole core: when their slices come, and what comes in between. The harness cuts slices of three.</summary>
public sealed class LongRequestTests
{
    private const double SliceSeconds = LongRequests.SliceIntervalNs / 1e9;

    [Fact]
    public void A_slice_becomes_due_a_millisecond_after_the_last_and_only_a_timer_brings_it()
    {
        using CoreHarness exchange = Trading(out ClientHarness maker, out ClientHarness other, orders: 8);
        long started = exchange.NowNs;
        maker.MassCancel("m").Expect(
            "ExecutionReport 34=10 11=o0 150=4 39=4 MassCancelled", "ExecutionReport 34=11 11=o1 150=4 39=4 MassCancelled", "ExecutionReport 34=12 11=o2 150=4 39=4 MassCancelled");
        Assert.Equal(started + LongRequests.SliceIntervalNs, exchange.Core.NextDeadlineNs);

        // What others send in between is not held up, not even when the slice is due already.
        exchange.After(SliceSeconds);
        other.TestRequest("alive?").Expect("Heartbeat 34=2 112=alive? session=1");
        exchange.TimerDue().Expect(
            "ExecutionReport 34=13 11=o3 150=4 39=4 MassCancelled", "ExecutionReport 34=14 11=o4 150=4 39=4 MassCancelled", "ExecutionReport 34=15 11=o5 150=4 39=4 MassCancelled");
        exchange.After(SliceSeconds / 2).TimerDue().ExpectNothing();
        exchange.After(SliceSeconds / 2).TimerDue().Expect(
            "ExecutionReport 34=16 11=o6 150=4 39=4 MassCancelled",
            "ExecutionReport 34=17 11=o7 150=4 39=4 MassCancelled",
            "MassCancelReport 34=18 11=m 530=7 531=7 533=8");
        Assert.Equal(long.MaxValue, exchange.Core.NextDeadlineNs);
    }

    [Fact]
    public void An_answer_under_way_survives_a_restart_a_new_term_and_the_loss_of_its_client()
    {
        using CoreHarness exchange = Trading(out ClientHarness maker, out _, orders: 5);
        maker.MassCancel("m");
        maker.ConnectionLost();
        exchange.Restore().StartTerm(2).Restore();
        exchange.After(SliceSeconds).TimerDue().Expect(
            "ExecutionReport 34=10 11=o3 150=4 39=4 MassCancelled kept",
            "ExecutionReport 34=11 11=o4 150=4 39=4 MassCancelled kept",
            "MassCancelReport 34=12 11=m 530=7 531=7 533=5 kept");
    }

    [Fact]
    public void The_reports_of_a_mass_status_state_their_number_and_which_is_the_last()
    {
        using CoreHarness exchange = Trading(out ClientHarness maker, out _, orders: 4);
        maker.MassStatus("s").Expect(
            "ExecutionReport 34=6 11=o0 150=I 39=0 584=s 911=4", "ExecutionReport 34=7 11=o1 150=I 39=0 584=s 911=4", "ExecutionReport 34=8 11=o2 150=I 39=0 584=s 911=4");

        // The last one closes before its turn: it is told with its end, and that is the end of the answer.
        maker.Cancel("c", "o3").Expect("ExecutionReport 34=9 11=c 150=4 39=4 UserRequested", "ExecutionReport 34=10 11=c 150=I 39=4 584=s 911=4 last");
        exchange.After(SliceSeconds).TimerDue().ExpectNothing();
        Assert.Equal(long.MaxValue, exchange.Core.NextDeadlineNs);
    }

    [Fact]
    public void Orders_of_one_security_are_told_and_cancelled_alone()
    {
        using CoreHarness exchange = Trading(out ClientHarness maker, out _, orders: 1);
        maker.MassStatus("s", '1', "MSFT").Expect("ExecutionReport 34=3 11= 150=I 39=8 NoOrderMatches 584=s 911=0 last");
        maker.MassCancel("m", '1', "MSFT").Expect("MassCancelReport 34=4 11=m 530=1 531=1 533=0");
        maker.MassStatus("t", '1', "AAPL").Expect("ExecutionReport 34=5 11=o0 150=I 39=0 584=t 911=1 last");
        maker.MassCancel("n", '1', "AAPL").Expect("ExecutionReport 34=6 11=o0 150=4 39=4 MassCancelled", "MassCancelReport 34=7 11=n 530=1 531=1 533=1");
    }

    [Fact]
    public void A_request_behind_a_gap_does_nothing()
    {
        using CoreHarness exchange = Trading(out ClientHarness maker, out _, orders: 1);
        maker.At(maker.Next + 1).MassCancel("m").Expect("ResendRequest 34=3 3-0");
        Assert.Equal(1, exchange.Core.OpenOrderCount);
    }

    [Fact]
    public void A_snapshot_with_an_impossible_request_is_refused()
    {
        using CoreHarness exchange = Trading(out ClientHarness maker, out _, orders: 5);
        maker.MassCancel("m");
        using MemoryStream stream = new();
        Protocol.StateMachine.SnapshotWriter writer = new(stream);
        exchange.Core.TakeSnapshot(writer);
        writer.Complete();
        byte[] bytes = stream.ToArray();

        // The kind of the only request: from the end, magic (8), numbers of subscriptions (8 for each of two sessions), then the record's last four bytes.
        int kind = bytes.Length - 8 - 16 - 4;
        Assert.Equal((byte)LongRequestKind.MassCancel, bytes[kind]);
        bytes[kind] = 9;
        using ExchangeCore other = CoreHarness.NewCore();
        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => other.LoadSnapshot(new Protocol.StateMachine.SnapshotReader(new MemoryStream(bytes))));
        Assert.Contains("request m of session 0 is not possible", refused.Message, StringComparison.Ordinal);
    }

    // Two clients logged on; the first has open orders o0, o1 …
    private static CoreHarness Trading(out ClientHarness maker, out ClientHarness other, int orders)
    {
        CoreHarness exchange = CoreHarness.Open();
        maker = exchange.Client();
        other = exchange.Client(session: 1, connection: 2);
        maker.Logon();
        other.Logon();
        for (int i = 0; i < orders; i++)
        {
            maker.Buy($"o{i}");
        }

        Assert.Equal(orders, exchange.Core.OpenOrderCount);
        return exchange;
    }
}
