using System.Text;
using Exchange.Fix.Dictionary;
using Exchange.Fix.Framing;
using Exchange.Fix.Parsing;
using Exchange.Fix.Validation;
using FsCheck;
using FsCheck.Fluent;

namespace Exchange.Fix.Tests;

/// <summary>Whatever bytes come, nothing crashes, nothing outside of the span is touched, and what is valid survives.</summary>
public sealed class RobustnessTests
{
    private readonly FixParser _parser = new(FixDictionaries.Fix44);

    [Fact]
    public void Damaged_streams_never_crash_the_framer_and_always_advance()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        using GuardedBuffer buffer = new();
        for (int i = 0; i < 20_000; i++)
        {
            byte[] stream = Fuzz.Damage(random, (byte[])[.. FixText.Frame(Fuzz.ValidOrder(random)), .. FixText.Frame("35=0|" + Fuzz.Fields(random))]);
            Span<byte> input = buffer.AtEnd(stream);
            while (!input.IsEmpty)
            {
                FixFrame frame = FixFramer.Read(input);
                if (frame.Status == FrameStatus.NeedMore)
                {
                    Assert.True(frame.BytesNeeded > input.Length && frame.Consumed == 0, $"seed {seed}: {FixText.Show(input)}");
                    break;
                }

                Assert.True(frame.Consumed > 0 && frame.Consumed <= input.Length, $"seed {seed}: {FixText.Show(input)}");
                if (frame.Status == FrameStatus.Message)
                {
                    FixValidator.Validate(_parser.Parse(input[..frame.Consumed]));
                }

                input = input[frame.Consumed..];
            }
        }
    }

    [Fact]
    public void Well_framed_nonsense_never_crashes_parser_or_validation()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        using GuardedBuffer buffer = new();
        int valid = 0;
        for (int i = 0; i < 50_000; i++)
        {
            string body = random.Next(4) == 0 ? Fuzz.ValidOrder(random) : "35=D|" + Fuzz.Fields(random);
            byte[] damaged = random.Next(2) == 0 ? FixText.Bytes(body) : Fuzz.Damage(random, FixText.Bytes(body));
            string text = Encoding.Latin1.GetString(damaged).Replace('\u0001', '|');
            string start = text.StartsWith("35=D|", StringComparison.Ordinal) ? string.Empty : "35=D|";
            byte[] bytes = FixText.Frame(start + text + (text.EndsWith('|') ? string.Empty : "|"));
            Span<byte> frame = random.Next(2) == 0 ? buffer.AtEnd(bytes) : buffer.AtStart(bytes);
            FixMessage message = _parser.Parse(frame);
            foreach (ValidationSwitches switches in new[] { ValidationSwitches.None, (ValidationSwitches)15 })
            {
                FixFault fault = FixValidator.Validate(message, switches);
                valid += fault.IsValid ? 1 : 0;
                Assert.True(fault.IsValid || fault.IsUnsupportedMessage || Enum.IsDefined(fault.Reason), $"seed {seed}: {FixText.Show(frame)}");
            }

            for (int field = 0; field < message.Count; field++)
            {
                Assert.True(message[field].Offset + message[field].Length < frame.Length, $"seed {seed}: {FixText.Show(frame)}");
            }
        }

        Assert.True(valid > 100);
    }

    [Fact]
    public void Valid_messages_survive_any_chunking_and_garbage_between_them()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        for (int round = 0; round < 300; round++)
        {
            List<string> sent = [];
            List<byte> stream = [];
            for (int i = random.Next(1, 20); i > 0; i--)
            {
                byte[] message = FixText.Frame(Fuzz.ValidOrder(random));
                sent.Add(FixText.Show(message));
                stream.AddRange(message);
                if (random.Next(3) == 0)
                {
                    stream.AddRange(FixText.Bytes(new[] { "garbage", "8=FI", "8=FIX.4.4|9=x|", "|", "8=FIX.4.4|9=5|34=1|" }[random.Next(5)]));
                }
            }

            Assert.True(sent.SequenceEqual(Receive([.. stream], random)), $"seed {seed}, round {round}");
        }
    }

    [Fact]
    public void Valid_messages_pass_the_whole_way()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        for (int i = 0; i < 5000; i++)
        {
            byte[] frame = FixText.Frame(Fuzz.ValidOrder(random));
            FixFault fault = FixValidator.Validate(_parser.Parse(frame));
            Assert.True(fault.IsValid, $"seed {seed}: {fault} {FixText.Show(frame)}");
        }
    }

    [Fact]
    public void Any_bytes_at_all_are_consumed_or_waited_for() => Prop.ForAll<byte[]>(bytes =>
    {
        FixFrame frame = FixFramer.Read(bytes);
        return frame.Status == FrameStatus.NeedMore ? frame.BytesNeeded > bytes.Length : frame.Consumed > 0 && frame.Consumed <= bytes.Length;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_flood_of_starts_costs_time_in_proportion_to_its_length()
    {
        // Each start claims a body that reaches to the end, so a framer that summed or searched each one to the end would do 10^11 steps.
        byte[] flood = FixText.Bytes(string.Concat(Enumerable.Repeat("8=FIX.4.4|9=8000|35=D|10=000|", 30_000)));
        ReadOnlySpan<byte> input = flood;
        int reads = 0;
        while (FixFramer.Read(input) is { Status: not FrameStatus.NeedMore } frame)
        {
            input = input[frame.Consumed..];
            reads++;
        }

        Assert.InRange(reads, 29_000, 30_000);
        Assert.InRange(input.Length, 1, 8100);
    }

    [Fact]
    public void Framing_parsing_and_validation_allocate_nothing()
    {
        byte[][] frames = [FixText.Frame(FixText.NewOrderBody), FixText.Frame(FixText.NewOrderBody + "453=1|448=A|9001=x|"), FixText.Frame("35=0|34=1|44=x|")];
        long before = 0;
        for (int i = 0; i < 20_000; i++)
        {
            if (i == 10_000)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            byte[] bytes = frames[i % 3];
            FixFrame frame = FixFramer.Read(bytes);
            FixValidator.Validate(_parser.Parse(bytes.AsSpan(0, frame.Consumed)));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static List<string> Receive(byte[] stream, Random random)
    {
        List<string> received = [];
        byte[] pending = [];
        for (int at = 0; at < stream.Length;)
        {
            int chunk = Math.Min(random.Next(1, random.Next(2) == 0 ? 5 : 500), stream.Length - at);
            pending = [.. pending, .. stream.AsSpan(at, chunk)];
            at += chunk;
            while (pending.Length > 0)
            {
                FixFrame frame = FixFramer.Read(pending);
                if (frame.Status == FrameStatus.NeedMore)
                {
                    break;
                }

                if (frame.Status == FrameStatus.Message)
                {
                    received.Add(FixText.Show(pending.AsSpan(0, frame.Consumed)));
                }

                pending = pending[frame.Consumed..];
            }
        }

        return received;
    }
}
