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

    private static CoreHarness Operate(CoreHarness exchange, CommandType type, int session = 0, long nextIn = 0, long nextOut = 0)
    {
        SessionAdminCommand command = new() { NextIn = nextIn, NextOut = nextOut };
        command.Header.SessionId = session;
        return exchange.Apply(type, command);
    }
}
