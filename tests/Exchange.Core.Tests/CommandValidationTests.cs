using System.Runtime.InteropServices;
using Exchange.Core.Tests.Sessions;
using Exchange.Protocol.Commands;

namespace Exchange.Core.Tests;

/// <summary>What a gateway may put into the log, and what hostile or damaged shared memory may not.</summary>
public sealed class CommandValidationTests
{
    [Fact]
    public void Everything_that_a_gateway_sends_is_acceptable()
    {
        using CoreHarness exchange = ExchangeCoreTests.Busy();
        foreach ((_, byte[] bytes) in exchange.Log)
        {
            CommandType type = MemoryMarshal.Read<CommandHeader>(bytes).Type;
            bool isFromGateway = type is < CommandType.GatewayHello or (>= CommandType.ConnectionLost and <= CommandType.ChangePassword);
            Assert.Equal(isFromGateway, CommandValidation.IsAcceptableFromGateway(bytes));
            Assert.True(CommandValidation.IsWellFormed(bytes));
        }
    }

    [Theory]
    [InlineData(CommandType.None)]
    [InlineData(CommandType.GatewayAttached)]
    [InlineData(CommandType.GatewayLost)]
    [InlineData(CommandType.TermStarted)]
    [InlineData(CommandType.TimerDue)]
    [InlineData(CommandType.DefineInstrument)]
    [InlineData(CommandType.DefineParticipant)]
    [InlineData(CommandType.DefineVenue)]
    [InlineData(CommandType.SetPassword)]
    [InlineData(CommandType.ResetSession)]
    [InlineData(CommandType.EnableParticipant)]
    [InlineData(CommandType.DisableParticipant)]
    [InlineData(CommandType.ScheduleReset)]
    [InlineData((CommandType)10)]
    [InlineData(CommandType.News)]
    [InlineData((CommandType)33)]
    [InlineData((CommandType)65_535)]
    public void A_gateway_may_not_send_what_belongs_to_the_member(CommandType type)
    {
        for (int length = 48; length <= 320; length += 8)
        {
            Assert.False(CommandValidation.IsAcceptableFromGateway(Frame(type, length)));
        }
    }

    [Fact]
    public void A_frame_of_the_wrong_length_is_refused_whatever_it_claims()
    {
        for (int length = 0; length <= 400; length++)
        {
            if (length != NewOrderCommand.SizeBytes)
            {
                byte[] frame = new byte[length];
                Frame(CommandType.NewOrder, NewOrderCommand.SizeBytes).AsSpan(0, Math.Min(length, NewOrderCommand.SizeBytes)).CopyTo(frame);
                Assert.False(CommandValidation.IsAcceptableFromGateway(frame));
            }
        }

        Assert.True(CommandValidation.IsAcceptableFromGateway(Frame(CommandType.NewOrder, NewOrderCommand.SizeBytes)));
    }

    [Theory]
    [InlineData("layout")]
    [InlineData("length")]
    [InlineData("gateway 0")]
    [InlineData("gateway 65")]
    [InlineData("incarnation 0")]
    [InlineData("connection 0")]
    [InlineData("session -1")]
    [InlineData("session 4096")]
    [InlineData("verdict of a valid message")]
    [InlineData("flags")]
    [InlineData("length of ClOrdID")]
    [InlineData("bytes behind the end of ClOrdID")]
    [InlineData("length of MsgType")]
    public void One_wrong_field_makes_a_frame_unacceptable(string field)
    {
        byte[] frame = Frame(CommandType.NewOrder, NewOrderCommand.SizeBytes);
        ref NewOrderCommand order = ref MemoryMarshal.AsRef<NewOrderCommand>(frame.AsSpan());
        ref CommandHeader header = ref order.Header.Command;
        switch (field)
        {
            case "layout":
                header.Layout = 2;
                break;
            case "length":
                header.Length--;
                break;
            case "gateway 0":
                header.GatewayId = 0;
                break;
            case "gateway 65":
                header.GatewayId = 65;
                break;
            case "incarnation 0":
                header.GatewayIncarnation = 0;
                break;
            case "connection 0":
                header.ConnectionId = 0;
                break;
            case "session -1":
                header.SessionId = -1;
                break;
            case "session 4096":
                header.SessionId = 4_096;
                break;
            case "verdict of a valid message":
                order.Header.Verdict = GatewayVerdict.SessionReject;
                break;
            case "flags":
                order.Header.Flags = (FixMessageFlags)32;
                break;
            case "length of ClOrdID":
                frame[96] = 40;
                break;
            case "bytes behind the end of ClOrdID":
                frame[96 + 39] = 1;
                break;
            case "length of MsgType":
                frame[80] = 16;
                break;
            default:
                Assert.Fail(field);
                break;
        }

        Assert.False(CommandValidation.IsAcceptableFromGateway(frame));
    }

    [Fact]
    public void An_invalid_message_needs_a_verdict_that_exists()
    {
        byte[] frame = Frame(CommandType.InvalidMessage, FixCommandHeader.SizeBytes);
        ref FixCommandHeader message = ref MemoryMarshal.AsRef<FixCommandHeader>(frame.AsSpan());
        for (int verdict = 0; verdict < 256; verdict++)
        {
            message.Verdict = (GatewayVerdict)verdict;
            Assert.Equal(verdict is >= 1 and <= 7, CommandValidation.IsAcceptableFromGateway(frame));
        }
    }

    [Fact]
    public void Any_frame_that_is_accepted_can_be_applied_without_an_exception()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        using CoreHarness exchange = ExchangeCoreTests.Busy();
        byte[][] frames = [.. exchange.Log.Select(entry => entry.Bytes).Where(bytes => CommandValidation.IsAcceptableFromGateway(bytes))];
        int applied = 0;
        for (int i = 0; i < 50_000; i++)
        {
            byte[] frame = [.. frames[random.Next(frames.Length)]];
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                frame[random.Next(frame.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)random.Next(3);
            }

            // A GatewayHello is turned into GatewayAttached by the member, never logged as such.
            if (!CommandValidation.IsAcceptableFromGateway(frame) || MemoryMarshal.Read<CommandHeader>(frame).Type == CommandType.GatewayHello)
            {
                continue;
            }

            try
            {
                exchange.ApplyBytes(frame);
                applied++;
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}, frame {i}: {Convert.ToHexString(frame)}: {failure.Message}", failure);
            }

            if (exchange.Core.LoggedOnCount == 0)
            {
                exchange.Attach(gateway: 1, incarnation: 100);
                for (int session = 0; session < 2; session++)
                {
                    exchange.Client(session, connection: 1_000 + i).Logon(reset: true);
                }
            }
        }

        Assert.True(applied > 1_000, $"seed {seed}: only {applied} frames were applied");
    }

    private static byte[] Frame(CommandType type, int length)
    {
        byte[] frame = new byte[length];
        MemoryMarshal.Write(frame, new CommandHeader
        {
            Type = type,
            Layout = CommandHeader.CurrentLayout,
            Length = length,
            LeadershipTerm = 1,
            GatewayIncarnation = 100,
            ConnectionId = 1,
            GatewayId = 1,
        });
        return frame;
    }
}
