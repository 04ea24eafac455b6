using System.Runtime.InteropServices;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;
using Exchange.Simulation.Engine;

namespace Exchange.Simulation.Clients;

/// <summary>Who trades, and what: drawn from the seed, with the definitions that the log begins with.</summary>
internal static class Population
{
    public static ClientProfile Draw(Chance chance, int sessionId) => new()
    {
        SessionId = sessionId,
        CompId = $"CLIENT{sessionId + 1}",
        HeartBtIntSec = chance.Below(3) + 1,
        UsesNextExpected = chance.Below(3) == 0,
        ResetPerMille = chance.Below(3) switch { 0 => 0, 1 => 200, _ => 600 },
        KeepsBehindGap = chance.Below(2) == 0,
        DropsStaleOrders = chance.Below(5) == 0,
        WindowMax = chance.Below(12) + 1,
        ThinkNs = chance.Between(1_000_000, 12_000_000),
        PatienceNs = chance.Between(150_000_000, 800_000_000),
    };

    public static IReadOnlyList<byte[]> Definitions(IReadOnlyList<ClientProfile> profiles, Chance chance)
    {
        List<byte[]> commands = [];
        foreach (string symbol in new[] { "AAA", "BBB", "CCC" })
        {
            DefineInstrumentCommand instrument = default;
            instrument.Header = Header(CommandType.DefineInstrument, DefineInstrumentCommand.SizeBytes);
            Text24.TryCreate(Bytes(symbol), out instrument.Symbol);
            Text16.TryCreate("CS"u8, out instrument.SecurityType);
            Text16.TryCreate("USD"u8, out instrument.Currency);
            instrument.PriceTickE8 = FixedPoint.Scale / 100;
            instrument.QuantityStepE8 = FixedPoint.Scale;
            instrument.QuantityMaxE8 = 100_000 * FixedPoint.Scale;
            instrument.PriceMinE8 = FixedPoint.Scale / 100;
            instrument.PriceMaxE8 = 10_000 * FixedPoint.Scale;
            commands.Add(MemoryMarshal.AsBytes(new ReadOnlySpan<DefineInstrumentCommand>(in instrument)).ToArray());
        }

        foreach (ClientProfile profile in profiles)
        {
            DefineParticipantCommand participant = default;
            participant.Header = Header(CommandType.DefineParticipant, DefineParticipantCommand.SizeBytes);
            Text40.TryCreate(Bytes(profile.CompId), out participant.SenderCompId);
            Text40.TryCreate("EXCH"u8, out participant.TargetCompId);
            Text40.TryCreate(Bytes(profile.CompId), out participant.Username);
            Text16.TryCreate("FIX.4.4"u8, out participant.BeginString);
            participant.PasswordIterations = 1;
            participant.Flags = (chance.Below(3) == 0 ? ParticipantFlags.NoPassword : 0) | (chance.Below(4) == 0 ? ParticipantFlags.CancelOnDisconnect : 0);
            participant.HeartBtIntMinSec = 1;
            participant.HeartBtIntMaxSec = 60;
            participant.CancelOnDisconnectGraceNs = chance.Between(0, 1_500_000_000);
            participant.TimestampDecimals = chance.Below(4) * 3;
            participant.OpenOrdersMax = 1000;
            commands.Add(MemoryMarshal.AsBytes(new ReadOnlySpan<DefineParticipantCommand>(in participant)).ToArray());
        }

        return commands;
    }

    private static CommandHeader Header(CommandType type, int length) => new()
    {
        Type = type,
        Layout = CommandHeader.CurrentLayout,
        Length = length,
        SessionId = -1,
    };

    private static byte[] Bytes(string text) => System.Text.Encoding.Latin1.GetBytes(text);
}
