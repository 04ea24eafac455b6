using System.Runtime.InteropServices;
using Exchange.Protocol.Commands;
using Exchange.Simulation.Clients;
using Exchange.Simulation.Engine;

namespace Exchange.Simulation.Rules;

/// <summary>What the log begins with where all rules are in use: firms that several clients share, accounts, limits, the end of a day.</summary>
internal static class RulePopulation
{
    // Runs begin at nine and last for ten seconds and more.
    private const long NineNs = 9 * 3_600_000_000_000;

    public static IEnumerable<byte[]> Amend(IReadOnlyList<byte[]> definitions, IReadOnlyList<ClientProfile> profiles, Chance chance)
    {
        foreach (byte[] command in definitions)
        {
            yield return MemoryMarshal.AsRef<CommandHeader>(command.AsSpan()).Type == CommandType.DefineInstrument
                ? RuleCommands.Define(chance, DefineInstrumentCommand.Read(command))
                : command;
        }

        // Not while it runs: what was traded on a day that is over is not told again to a client that resets its numbers, and could be missed.
        yield return RuleCommands.EndOfDay(NineNs - 3_600_000_000_000);
        foreach (ClientProfile profile in profiles)
        {
            yield return RuleCommands.Assign(profile.SessionId, RuleCommands.Firms[profile.SessionId % RuleCommands.Firms.Length], chance.PerMille(300) ? "HOUSE" : "");
        }

        for (int i = 0; i < 3; i++)
        {
            yield return RuleCommands.Limit(chance);
        }
    }
}
