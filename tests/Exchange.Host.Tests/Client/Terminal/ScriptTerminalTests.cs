// Scripts against the small acceptor of these tests: what is printed, what the exit code is, and that a second run continues.
using Exchange.Host.Client;
using Exchange.Host.Client.Terminal;

namespace Exchange.Host.Tests.Client.Terminal;

public sealed class ScriptTerminalTests : IDisposable
{
    private readonly TestAcceptor _acceptor = new();
    private readonly string _directory = Path.Combine(Path.GetTempPath(), "exchange-script-" + Guid.NewGuid().ToString("N"));
    private readonly List<string> _output = [];

    public void Dispose()
    {
        _acceptor.Dispose();
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    [Fact]
    public void A_script_trades_shows_its_book_and_ends_well()
    {
        int exitCode = Run("buy 1 AAPL @ 100 id first\norders\ncancel first\norders all\ntestrequest hello\nsession\nquit\n");
        Assert.True(exitCode == 0, string.Join('\n', _output));
        Assert.Contains(_output, l => l.Contains("accepted", StringComparison.Ordinal) && l.Contains("first", StringComparison.Ordinal));
        Assert.True(_output.Exists(l => l.StartsWith("| 1", StringComparison.Ordinal) && l.Contains("| open", StringComparison.Ordinal)), string.Join('\n', _output));
        Assert.Contains(_output, l => l.Contains("cancelled", StringComparison.Ordinal));
        Assert.Contains(_output, l => l == "test request hello answered");
        Assert.DoesNotContain(_output, l => l.Contains('\u001b', StringComparison.Ordinal));
    }

    [Fact]
    public void A_second_run_continues_its_numbers_and_knows_its_orders()
    {
        Assert.Equal(0, Run("buy 1 AAPL @ 100 id first\n"));
        _acceptor.ReportWhileAway("HFT1", "elsewhere");
        _output.Clear();
        Assert.Equal(0, Run("orders\ncancel first\n"));
        Assert.Contains(_output, l => l.Contains("elsewhere", StringComparison.Ordinal));
        Assert.Contains(_output, l => l.Contains("first", StringComparison.Ordinal) && l.Contains("open", StringComparison.Ordinal));
        Assert.Contains(_output, l => l.Contains("cancelled", StringComparison.Ordinal));
        Assert.Equal(["first"], _acceptor.OrdersOf("HFT1"));
    }

    [Fact]
    public void A_wrong_line_ends_the_script_with_exit_code_2()
    {
        Assert.Equal(2, Run("buy one AAPL @ 100\nbuy 1 AAPL @ 100\n"));
        Assert.Contains(_output, l => l.StartsWith("write: buy|sell", StringComparison.Ordinal));
        Assert.Empty(_acceptor.OrdersOf("HFT1"));
    }

    [Fact]
    public void An_answer_that_does_not_come_ends_the_script_with_exit_code_1()
    {
        _acceptor.FaultOf = static _ => TestAcceptor.Fault.DropAck;
        Assert.Equal(1, Run("buy 1 AAPL @ 100\n", timeoutSeconds: 3));
        Assert.Contains(_output, l => l.StartsWith("no answer", StringComparison.Ordinal));
    }

    [Fact]
    public void A_refused_logon_is_told_as_what_it_may_be()
    {
        Assert.Equal(1, Run("quit\n", password: "wrong", timeoutSeconds: 3));
        Assert.Contains(_output, l => l.Contains("wrong CompID or password", StringComparison.Ordinal));
    }

    [Fact]
    public void Disconnect_and_connect_continue_and_a_raw_message_is_sent()
    {
        int exitCode = Run("disconnect\nconnect\nraw 35=D|11=typed|55=AAPL|54=1|38=1|40=1\nreset\nbuy 1 AAPL market\n");
        Assert.True(exitCode == 0, string.Join('\n', _output));
        Assert.Equal("typed", _acceptor.OrdersOf("HFT1")[0]);
        Assert.Equal(2, _acceptor.OrdersOf("HFT1").Count);
        Assert.Contains(_output, l => l.Contains("both sequence numbers start at 1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void With_a_second_address_a_script_survives_an_exchange_that_falls_silent_or_goes(bool goes)
    {
        using TestAcceptor gone = new();
        gone.Dispose();
        _acceptor.FaultOf = n =>
        {
            if (n == 1 && goes)
            {
                _acceptor.DropConnections();
            }

            return n == 1 && !goes ? TestAcceptor.Fault.FallSilent : TestAcceptor.Fault.None;
        };
        int exitCode = Run("buy 1 AAPL @ 100 id first\nbuy 1 AAPL @ 100 id second\n", silenceMs: 200, secondAddress: gone.Address);
        Assert.True(exitCode == 0, string.Join('\n', _output));
        Assert.Equal(["first", "second"], _acceptor.OrdersOf("HFT1"));
        Assert.True(_output.Count(l => l.StartsWith("logged on as", StringComparison.Ordinal)) == 2, string.Join('\n', _output));
    }

    private int Run(string script, string password = "HFT1", double timeoutSeconds = 20, int silenceMs = 0, System.Net.IPEndPoint? secondAddress = null)
    {
        TerminalOptions options = new()
        {
            Addresses = secondAddress is null ? [_acceptor.Address] : [_acceptor.Address, secondAddress],
            Session = new FixClientOptions { SenderCompId = "HFT1", TargetCompId = "EXCH", Username = "HFT1", Password = password, SilenceNs = silenceMs * 1_000_000L },
            StateDirectory = _directory,
            AnswerTimeout = TimeSpan.FromSeconds(timeoutSeconds),
        };
        PlainScreen screen = new(text => _output.AddRange(text.Split('\n')));
        using TerminalSession terminal = new(options, screen);
        using StringReader reader = new(script);
        return ScriptTerminal.Run(terminal, new InputLines(reader), screen, options.AnswerTimeout, CancellationToken.None);
    }
}
