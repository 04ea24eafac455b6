using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Exchange.Cluster.Peers;

namespace Exchange.Cluster.Tests.Admin;

/// <summary>Several operators at once, on the port of a member that is alone; a cluster's members answer from the same desk.</summary>
public sealed class ParallelChangesTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly string _directory = Directory.CreateTempSubdirectory("exchange-operators-").FullName;
    private readonly byte[] _key = [.. Enumerable.Range(0, 32).Select(static i => (byte)i)];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Two_changes_asked_for_before_either_is_confirmed_are_both_confirmed()
    {
        using Member member = Open();
        using Operator first = new(member.OperatorEndPoint!, _key);
        using Operator second = new(member.OperatorEndPoint!, _key);
        Work(member, [first, second], () => first.IsOpen && second.IsOpen);

        // Both are on their way before the member takes its next turn.
        first.Ask("one");
        second.Ask("two");
        Work(member, [first, second], () => first.Answers.Count > 0 && second.Answers.Count > 0);
        JsonElement[] answers = [first.Answers.Single(), second.Answers.Single()];
        Assert.All(answers, static answer => Assert.True(answer.GetProperty("ok").GetBoolean(), answer.ToString()));
        Assert.NotEqual(answers[0].GetProperty("position").GetInt64(), answers[1].GetProperty("position").GetInt64());
    }

    [Fact]
    public void Of_many_changes_at_once_each_is_answered_and_only_what_found_no_room_is_refused()
    {
        using Member member = Open();
        using Operator one = new(member.OperatorEndPoint!, _key);
        Work(member, [one], () => one.IsOpen);
        const int count = 12;
        for (int i = 0; i < count; i++)
        {
            one.Ask($"news {i}");
        }

        Work(member, [one], () => one.Answers.Count == count);
        Assert.InRange(one.Answers.Count(static answer => answer.GetProperty("ok").GetBoolean()), 8, count);
        Assert.All(
            one.Answers.Where(static answer => !answer.GetProperty("ok").GetBoolean()),
            static answer => Assert.Contains("8 changes wait", answer.GetProperty("error").GetString(), StringComparison.Ordinal));
    }

    private static void Work(Member member, Operator[] operators, Func<bool> isDone)
    {
        long deadline = Environment.TickCount64 + (long)s_patience.TotalMilliseconds;
        while (!isDone())
        {
            Assert.True(Environment.TickCount64 < deadline, "the member does not answer");
            member.Agent.DoWork();
            Array.ForEach(operators, static one => one.Work());
        }
    }

    private Member Open() => Member.Open(new MemberOptions
    {
        Directory = Path.Combine(_directory, "member-1"),
        AeronDirectory = Path.Combine(_directory, "aeron"),
        Durability = Durability.Fsync,
        SegmentBytes = 1 << 20,
        StateMachineFactory = static () => new EchoMachine(),
        ClusterKey = _key,
        OperatorEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
    });

    /// <summary>An operator's tool that never waits, so that one thread can be both ends.</summary>
    private sealed class Operator : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private readonly OperatorSession _session;

        public Operator(IPEndPoint address, byte[] key)
        {
            _session = new OperatorSession(key, "test");
            _socket.Connect(address);
            _socket.Blocking = false;
        }

        public bool IsOpen => _session.State == OperatorSessionState.Open;

        public List<JsonElement> Answers { get; } = [];

        public void Dispose() => _socket.Dispose();

        public void Ask(string headline)
        {
            Assert.True(_session.TryRequest(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["verb"] = "news", ["headline"] = headline, ["text"] = "text" })));
            Send();
        }

        public void Work()
        {
            Send();
            if (_socket.Available > 0)
            {
                _session.Received(_socket.Receive(_session.Space));
            }

            Assert.True(_session.State != OperatorSessionState.Failed, _session.Failure);
            while (_session.TryRead(out ReadOnlySpan<byte> json, out bool isLast))
            {
                Assert.True(isLast);
                Answers.Add(JsonElement.Parse(json));
            }
        }

        private void Send()
        {
            while (!_session.Outgoing.IsEmpty)
            {
                _session.Sent(_socket.Send(_session.Outgoing));
            }
        }
    }
}
