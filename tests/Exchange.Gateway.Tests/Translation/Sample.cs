using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Exchange.Fix.Dictionary;
using Exchange.Gateway.Translation;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Gateway.Tests.Translation;

/// <summary>A session, a clock and frames for the translation tests.</summary>
internal static class Sample
{
    /// <summary>2026-11-20 12:34:56.789 UTC.</summary>
    public const long NowNs = 1_795_178_096_789_000_000;

    /// <summary>The fields that every message of the client has.</summary>
    public const string Header = "34=7|49=HFT1|52=20261120-12:34:56.789|56=EXCH|";

    /// <summary>The profile of the client HFT1.</summary>
    public static SessionProfile Profile(ParticipantFlags flags = ParticipantFlags.None, int timestampDecimals = 3, FixDictionary? dictionary = null)
    {
        DefineParticipantCommand definition = new()
        {
            SenderCompId = Text40.From("HFT1"),
            TargetCompId = Text40.From("EXCH"),
            TimestampDecimals = timestampDecimals,
            Flags = flags,
        };
        Assert.True(SessionProfile.TryCreate(dictionary ?? FixDictionaries.Fix44, definition, out SessionProfile? profile));
        return profile;
    }

    /// <summary>AAPL is 0, MSFT is 1.</summary>
    public static InstrumentNames Names()
    {
        InstrumentNames names = new();
        names.Set(0, Instrument("AAPL"));
        names.Set(1, Instrument("MSFT"));
        return names;
    }

    /// <summary>A stock with a tick of 0.01, a step of 1, at most 1000, from 0.01 to 5000 dollars.</summary>
    public static DefineInstrumentCommand Instrument(string symbol) => new()
    {
        Symbol = Text24.From(symbol),
        SecurityType = Text16.From("CS"),
        Currency = Text16.From("USD"),
        PriceTickE8 = 1_000_000,
        QuantityStepE8 = 100_000_000,
        QuantityMaxE8 = 100_000_000_000,
        PriceMinE8 = 1_000_000,
        PriceMaxE8 = 500_000_000_000,
    };

    /// <summary>Adds 8, 9 and 10 to a body, with | for SOH.</summary>
    public static byte[] Frame(string body, string beginString = "FIX.4.4")
    {
        string head = $"8={beginString}|9={body.Length}|{body}".Replace('|', '\u0001');
        int sum = Encoding.Latin1.GetBytes(head).Sum(b => b) & 255;
        return Encoding.Latin1.GetBytes(head + "10=" + sum.ToString("000", CultureInfo.InvariantCulture) + "\u0001");
    }

    /// <summary>Translates a body; the command starts the array.</summary>
    public static byte[] Translate(string body, SessionProfile? profile = null, string beginString = "FIX.4.4")
    {
        byte[] target = new byte[InboundTranslator.CommandLengthMax + 8];
        target.AsSpan().Fill(0xEE);
        int length = new InboundTranslator().Translate(Frame(body, beginString), profile ?? Profile(), NowNs, target);
        Assert.All(target[InboundTranslator.CommandLengthMax..], b => Assert.Equal(0xEE, b));
        Assert.Equal(length, MemoryMarshal.AsRef<CommandHeader>(target).Length);
        Assert.True(IsAcceptable(target.AsSpan(0, length)));
        return target[..length];
    }

    /// <summary>Whether the member would log the command once the gateway has filled its part of the header.</summary>
    public static bool IsAcceptable(ReadOnlySpan<byte> command)
    {
        byte[] sent = command.ToArray();
        ref CommandHeader header = ref MemoryMarshal.AsRef<CommandHeader>(sent.AsSpan());
        header.GatewayId = 1;
        header.GatewayIncarnation = 1;
        header.ConnectionId = 1;
        return CommandValidation.IsAcceptableFromGateway(sent);
    }

    /// <summary>Translates a body into a record of a type that must match.</summary>
    public static T Translate<T>(CommandType type, string body, SessionProfile? profile = null)
        where T : unmanaged
    {
        byte[] command = Translate(body, profile);
        FixCommandHeader header = MemoryMarshal.AsRef<FixCommandHeader>(command);
        Assert.Equal(GatewayVerdict.Valid, header.Verdict);
        Assert.Equal(type, header.Command.Type);
        Assert.Equal(System.Runtime.CompilerServices.Unsafe.SizeOf<T>(), command.Length);
        return MemoryMarshal.AsRef<T>(command);
    }

    /// <summary>Translates a body that must be refused.</summary>
    public static FixCommandHeader Refused(string body, SessionProfile? profile = null, string beginString = "FIX.4.4")
    {
        byte[] command = Translate(body, profile, beginString);
        FixCommandHeader header = MemoryMarshal.AsRef<FixCommandHeader>(command);
        Assert.Equal(CommandType.InvalidMessage, header.Command.Type);
        Assert.Equal(FixCommandHeader.SizeBytes, command.Length);
        return header;
    }
}
