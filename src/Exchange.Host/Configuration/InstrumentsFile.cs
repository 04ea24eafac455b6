using Exchange.Protocol.Commands;

namespace Exchange.Host.Configuration;

/// <summary>Reads the instruments file; the format is described in colo-deploy/development/instruments.yaml.</summary>
internal static class InstrumentsFile
{
    /// <summary>Parses a file's content into the commands that define its instruments.</summary>
    public static List<DefineInstrumentCommand> Parse(string source, string text)
    {
        List<DefineInstrumentCommand> commands = [];
        HashSet<string> symbols = [];
        foreach (YamlRecord record in YamlRecords.Read(source, text, "instruments", InstrumentRecord.Fields))
        {
            DefineInstrumentCommand command = InstrumentRecord.Read(record);
            if (!symbols.Add(command.Symbol.ToString()))
            {
                throw record.Error("symbol", $"'{command.Symbol}' is defined twice; symbols must be unique");
            }

            commands.Add(command);
        }

        return commands;
    }
}
