using BenchmarkDotNet.Attributes;
using Exchange.Fix.Dictionary;
using Exchange.Fix.Framing;
using Exchange.Fix.Parsing;
using Exchange.Fix.Validation;
using Exchange.Gateway.Translation;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Benchmarks.Fix;

/// <summary>
/// What a NewOrderSingle costs from bytes to command record, nanoseconds per message. The target is 150 ns for parse and validation of
/// the 178-byte message, 0 bytes allocated.
/// </summary>
[MemoryDiagnoser]
public class FixInboundBenchmarks
{
    private const int MessageCount = 1000;

    private readonly InboundTranslator _translator = new();
    private readonly byte[] _command = new byte[InboundTranslator.CommandLengthMax];
    private FixParser _parser = new(FixDictionaries.Fix44);
    private byte[][] _messages = [];
    private SessionProfile? _profile;
    private long _nowNs;

    /// <summary>Whether a thousand different messages take turns, or one repeats.</summary>
    [Params(false, true)]
    public bool Different { get; set; }

    /// <summary>The version of FIX.</summary>
    [Params("FIX.4.2", "FIX.4.4", "FIX.5.0SP2")]
    public string Version { get; set; } = "FIX.4.4";

    /// <summary>Makes the messages, and makes sure that they are valid.</summary>
    [GlobalSetup]
    public void Setup()
    {
        FixDictionary dictionary = FixDictionaries.All.Single(each => each.Version == Version);
        _parser = new FixParser(dictionary);
        _messages = Different ? FixMessages.Different(MessageCount, dictionary) : FixMessages.Same(MessageCount, dictionary);
        DefineParticipantCommand definition = new()
        {
            SenderCompId = Text40.From("CLIENT1"),
            TargetCompId = Text40.From("EXECUTOR"),
            TimestampDecimals = 3,
        };
        FixTime.TryTimestamp("20261120-12:34:56.789"u8, out _nowNs);
        if (!SessionProfile.TryCreate(dictionary, definition, out _profile) || _messages.Any(message => !FixValidator.Validate(_parser.Parse(message)).IsValid))
        {
            throw new InvalidOperationException("a message of the benchmark is not valid");
        }
    }

    /// <summary>Boundaries, length and checksum.</summary>
    [Benchmark(OperationsPerInvoke = MessageCount)]
    public int Frame()
    {
        int sum = 0;
        foreach (byte[] message in _messages)
        {
            sum += FixFramer.Read(message).Consumed;
        }

        return sum;
    }

    /// <summary>The index of all fields.</summary>
    [Benchmark(OperationsPerInvoke = MessageCount)]
    public int Parse()
    {
        int sum = 0;
        foreach (byte[] message in _messages)
        {
            sum += _parser.Parse(message).Count;
        }

        return sum;
    }

    /// <summary>Index and full validation, all values converted.</summary>
    [Benchmark(OperationsPerInvoke = MessageCount)]
    public int ParseAndValidate()
    {
        int sum = 0;
        foreach (byte[] message in _messages)
        {
            sum += FixValidator.Validate(_parser.Parse(message)).RefTag;
        }

        return sum;
    }

    /// <summary>From bytes of the socket to validated fields.</summary>
    [Benchmark(OperationsPerInvoke = MessageCount)]
    public int FrameParseAndValidate()
    {
        int sum = 0;
        foreach (byte[] message in _messages)
        {
            sum += FixValidator.Validate(_parser.Parse(message.AsSpan(0, FixFramer.Read(message).Consumed))).RefTag;
        }

        return sum;
    }

    /// <summary>From bytes of the socket to the command record, verdict included.</summary>
    [Benchmark(OperationsPerInvoke = MessageCount)]
    public int FrameAndTranslate()
    {
        int sum = 0;
        foreach (byte[] message in _messages)
        {
            sum += _translator.Translate(message.AsSpan(0, FixFramer.Read(message).Consumed), _profile!, _nowNs, _command);
        }

        return sum;
    }
}
