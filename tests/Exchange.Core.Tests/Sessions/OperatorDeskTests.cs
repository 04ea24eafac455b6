using Exchange.Protocol.Commands;

namespace Exchange.Core.Tests.Sessions;

/// <summary>What operators do to sessions.</summary>
public sealed class OperatorDeskTests
{
    [Fact]
    public void A_logout_by_the_operator_waits_for_the_answer()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness client = exchange.Client();
        client.Logon();
        Operate(exchange, CommandType.LogOutSession).Expect("Logout 34=2 58=Operator");
        client.Logout().Expect("CloseConnection LogoutConfirmed connection=1");
        Operate(exchange, CommandType.LogOutSession).ExpectNothing();
    }

    [Fact]
    public void A_reset_logs_out_restarts_both_numbers_and_restates_at_the_next_logon()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness client = exchange.Client();
        client.Logon();
        client.Buy("o1", 5);
        Operate(exchange, CommandType.ResetSession).Expect("Logout 34=3 58=Operator", "CloseConnection Operator connection=1", "HistoryReset");
        exchange.Restore();
        exchange.Client(connection: 2).Logon().Expect("Logon 34=1 108=30", "ExecutionReport 34=2 11=o1 150=D 39=0");
        ClientHarness third = exchange.Client(connection: 3).At(2);
        exchange.Client(connection: 2).At(2).ConnectionLost();
        third.Logon().Expect("Logon 34=3 108=30");
    }

    [Fact]
    public void Numbers_go_on_where_the_operator_says()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness client = exchange.Client();
        client.Logon();
        client.Buy("o1", 5);
        client.ConnectionLost();
        Operate(exchange, CommandType.SetSequence, nextIn: 70, nextOut: 50);
        exchange.Client(connection: 2).At(70).Logon().Expect("Logon 34=50 108=30", "ExecutionReport 34=51 11=o1 150=D 39=0");
    }

    [Fact]
    public void Only_the_incoming_number_may_be_set_and_nothing_is_restated()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness client = exchange.Client();
        client.Logon();
        client.Buy("o1", 5);
        client.ConnectionLost();
        Operate(exchange, CommandType.SetSequence, nextIn: 9);
        exchange.Client(connection: 2).At(9).Logon().Expect("Logon 34=3 108=30");
    }

    [Fact]
    public void Fills_before_and_after_a_reset_are_restated_once_each()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness seller = RestAndFill(exchange);
        Operate(exchange, CommandType.ResetSession).Expect("HistoryReset");
        seller.Sell("s2", 3).Expect(
            "ExecutionReport 34=4 11=s2 150=0 39=0 session=1",
            "ExecutionReport 34=5 11=s2 150=F 39=2 17=6 32=3 session=1",
            "ExecutionReport 34=1 11=b1 150=F 39=1 17=7 32=3 kept");
        exchange.Restore();
        exchange.Client(connection: 3).Logon().Expect(
            "Logon 34=2 108=30",
            "ExecutionReport 34=3 11=b1 150=F 39=1 17=4 32=4 97=Y",
            "ExecutionReport 34=4 11=b1 150=F 39=1 17=7 32=3 97=Y",
            "ExecutionReport 34=5 11=b1 150=D 39=1");
        exchange.Restore();
    }

    [Fact]
    public void Fills_survive_a_move_to_a_lower_number_and_another_to_a_higher_one()
    {
        using CoreHarness exchange = CoreHarness.Open();
        ClientHarness seller = RestAndFill(exchange);
        Operate(exchange, CommandType.SetSequence, nextOut: 2);
        seller.Sell("s2", 3);
        Operate(exchange, CommandType.SetSequence, nextOut: 1_000_000);
        exchange.Restore();

        // The client does not know that the number was moved: what it says proves nothing about the fills, and it gets the gap closed.
        exchange.Client(connection: 3).At(3).Logon(nextExpected: 50).Expect(
            "Logon 34=1000000 108=30 789=4",
            "ResendRange 50-1000000",
            "ExecutionReport 34=1000001 11=b1 150=F 39=1 17=4 32=4 97=Y",
            "ExecutionReport 34=1000002 11=b1 150=F 39=1 17=7 32=3 97=Y",
            "ExecutionReport 34=1000003 11=b1 150=D 39=1");
    }

    [Fact]
    public void A_move_to_a_high_number_does_not_count_as_messages_restated()
    {
        using CoreHarness exchange = CoreHarness.Open();
        RestAndFill(exchange);
        Operate(exchange, CommandType.SetSequence, nextOut: 1_000_000);
        ClientHarness back = exchange.Client(connection: 3).At(3);
        back.Logon();
        back.Next = 1;
        back.Logon(reset: true).Expect(
            "HistoryReset", "Logon 34=1 108=30 141=Y", "ExecutionReport 34=2 11=b1 150=F 39=1 17=4 32=4 97=Y", "ExecutionReport 34=3 11=b1 150=D 39=1");
    }

    [Theory]
    [InlineData(-1, 1, 1)]
    [InlineData(99, 1, 1)]
    [InlineData(0, -5, 1)]
    [InlineData(0, 1, long.MaxValue)]
    public void What_cannot_be_is_only_counted(int session, long nextIn, long nextOut)
    {
        using CoreHarness exchange = CoreHarness.Open();
        long before = exchange.Core.DiscardedCount;
        Operate(exchange, CommandType.SetSequence, session, nextIn, nextOut).ExpectNothing();
        Assert.Equal(before + 1, exchange.Core.DiscardedCount);
    }

    // b1 of session 0 rests with 6 of 10 open and one fill that the client, gone by then, may not have seen; the seller is session 1.
    private static ClientHarness RestAndFill(CoreHarness exchange)
    {
        ClientHarness buyer = exchange.Client(session: 0, connection: 1);
        ClientHarness seller = exchange.Client(session: 1, connection: 2);
        buyer.Logon();
        seller.Logon();
        buyer.Buy("b1", 10);
        buyer.ConnectionLost();
        seller.Sell("s1", 4);
        return seller;
    }

    private static CoreHarness Operate(CoreHarness exchange, CommandType type, int session = 0, long nextIn = 0, long nextOut = 0)
    {
        SessionAdminCommand command = new() { NextIn = nextIn, NextOut = nextOut };
        command.Header.SessionId = session;
        return exchange.Apply(type, command);
    }
}
