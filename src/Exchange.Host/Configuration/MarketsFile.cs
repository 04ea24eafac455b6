using Exchange.Host.Processes;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Host.Configuration;

/// <summary>Reads the markets file; the format is described in colo-deploy/development/markets.yaml.</summary>
internal static class MarketsFile
{
    /// <summary>Parses a file's content into the commands that define its market groups.</summary>
    public static List<DefineMarketGroupCommand> Parse(string source, string text)
    {
        List<DefineMarketGroupCommand> commands = [];
        HashSet<string> names = [];
        foreach (YamlRecord record in YamlRecords.Read(source, text, "groups", MarketRecord.Fields))
        {
            DefineMarketGroupCommand command = MarketRecord.Read(record);
            if (!names.Add(command.GroupName.ToString()))
            {
                throw record.Error("name", $"'{command.GroupName}' is defined twice; names must be unique");
            }

            commands.Add(command);
        }

        return commands;
    }

    /// <summary>What an empty log begins with: each group, in the phase stated, or in that which its schedule has now.</summary>
    public static IEnumerable<byte[]> Seed(IEnumerable<DefineMarketGroupCommand> groups, long nowNs)
    {
        foreach (DefineMarketGroupCommand group in groups)
        {
            DefineMarketGroupCommand definition = group;
            if (definition.InitialPhase == MarketPhase.Group && definition.EntryCount != 0)
            {
                definition.InitialPhase = PhaseTimetable.PhaseAt(in definition, nowNs);
            }

            yield return SeedFiles.Bytes(definition);
            if (definition.GroupName == Text16.From("MAIN") && definition.InitialPhase is not (MarketPhase.Group or MarketPhase.Continuous))
            {
                // MAIN is there before any definition, and trades.
                yield return SeedFiles.Bytes(SetPhase(definition.GroupName, default, definition.InitialPhase, durationNs: 0));
            }
        }
    }

    /// <summary>The command that sets the phase of a group or of an instrument.</summary>
    public static SetPhaseCommand SetPhase(Text16 group, Text24 symbol, MarketPhase phase, long durationNs)
    {
        SetPhaseCommand command = default;
        command.Header.Type = CommandType.SetPhase;
        command.Header.Layout = CommandHeader.CurrentLayout;
        command.Header.Length = SetPhaseCommand.SizeBytes;
        command.Header.SessionId = -1;
        command.GroupName = group;
        command.Symbol = symbol;
        command.Phase = phase;
        command.DurationNs = durationNs;
        return command;
    }
}
