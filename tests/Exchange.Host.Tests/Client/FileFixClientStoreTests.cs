using Exchange.Host.Client;

namespace Exchange.Host.Tests.Client;

public sealed class FileFixClientStoreTests : IDisposable
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), "exchange-client-" + Guid.NewGuid().ToString("N"));

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    [Fact]
    public void A_restarted_client_continues_its_numbers_and_can_still_resend()
    {
        using (FileFixClientStore store = FileFixClientStore.Open(_directory))
        {
            ExchangeSide before = new(store);
            before.LogOn();
            before.SendOrder("a");
            before.Report(2, "a");
        }

        using FileFixClientStore reopened = FileFixClientStore.Open(_directory);
        ExchangeSide after = new(reopened);
        after.LogOn(seqNum: 3);
        after.Send("2", 4, "7=2|16=2|");
        Assert.Equal(["A:3", "D:2 11=a 43=Y"], after.Written(11, 43));
        Assert.Equal(5, after.Session.NextIn);
    }

    [Fact]
    public void A_message_cut_by_a_crash_is_dropped_but_no_number_is_used_twice()
    {
        using (FileFixClientStore store = FileFixClientStore.Open(_directory))
        {
            ExchangeSide client = new(store);
            client.LogOn();
            client.SendOrder("a");
            client.SendOrder("b");
        }

        using (FileStream journal = File.OpenWrite(Path.Combine(_directory, "sent.fix")))
        {
            journal.SetLength(journal.Length - 3);
        }

        using FileFixClientStore reopened = FileFixClientStore.Open(_directory);
        Assert.Equal(4, reopened.NextOut);
        Assert.True(reopened.TryRead(2, out _));
        Assert.False(reopened.TryRead(3, out _));
    }

    [Fact]
    public void Numbers_older_than_the_journal_are_raised_above_it()
    {
        using (FileFixClientStore store = FileFixClientStore.Open(_directory))
        {
            ExchangeSide client = new(store);
            client.LogOn();
            client.SendOrder("a");
        }

        File.Delete(Path.Combine(_directory, "numbers"));
        using FileFixClientStore reopened = FileFixClientStore.Open(_directory);
        Assert.Equal(3, reopened.NextOut);
    }

    [Fact]
    public void A_pending_reset_survives_a_restart_and_forgets_the_journal()
    {
        using (FileFixClientStore store = FileFixClientStore.Open(_directory))
        {
            ExchangeSide client = new(store);
            client.LogOn();
            client.SendOrder("a");
            client.Session.OnDisconnected("cut");
            client.Session.OnConnected(client.NowNs, reset: true);
        }

        using FileFixClientStore reopened = FileFixClientStore.Open(_directory);
        Assert.True(reopened.ResetPending);
        Assert.False(reopened.TryRead(2, out _));
    }

    [Fact]
    public void Two_clients_cannot_use_one_sessions_numbers()
    {
        using FileFixClientStore store = FileFixClientStore.Open(_directory);
        HostException refused = Assert.Throws<HostException>(() => FileFixClientStore.Open(_directory));
        Assert.Contains(_directory, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_numbers_file_is_refused_with_the_remedy()
    {
        Directory.CreateDirectory(_directory);
        File.WriteAllText(Path.Combine(_directory, "numbers"), "hello");
        HostException refused = Assert.Throws<HostException>(() => FileFixClientStore.Open(_directory));
        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        Assert.Contains("--reset", refused.Message, StringComparison.Ordinal);
    }
}
