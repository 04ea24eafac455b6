using Exchange.Protocol.Commands;
using Exchange.Protocol.Text;

namespace Exchange.Host.Configuration;

/// <summary>Reads the instruments file; the format is described in colo-deploy/development/instruments.yaml.</summary>
internal static class InstrumentsFile
{
    private static readonly string[] _fields = ["symbol", "type", "currency", "tick", "quantityStep", "quantityMax", "priceMin", "priceMax"];

    /// <summary>Parses a file's content into the commands that define its instruments.</summary>
    public static List<DefineInstrumentCommand> Parse(string source, string text)
    {
        List<DefineInstrumentCommand> commands = [];
        HashSet<string> symbols = [];
        foreach (YamlRecord record in YamlRecords.Read(source, text, "instruments", _fields))
        {
            string symbol = record.Text("symbol", Text24.LengthMax);
            if (!symbols.Add(symbol))
            {
                throw record.Error("symbol", $"'{symbol}' is defined twice; symbols must be unique");
            }

            DefineInstrumentCommand command = default;
            command.Header.Type = CommandType.DefineInstrument;
            command.Header.Layout = CommandHeader.CurrentLayout;
            command.Header.Length = DefineInstrumentCommand.SizeBytes;
            command.Header.SessionId = -1;
            command.Symbol = Text24.From(symbol);
            command.SecurityType = Text16.From(record.Text("type", Text16.LengthMax, "CS"));
            command.Currency = Text16.From(record.Text("currency", Text16.LengthMax, "USD"));
            command.PriceTickE8 = record.PositiveE8("tick");
            command.QuantityStepE8 = record.PositiveE8("quantityStep");
            command.QuantityMaxE8 = Multiple(record, "quantityMax", command.QuantityStepE8, "quantityStep");
            command.PriceMinE8 = record.Has("priceMin") ? Multiple(record, "priceMin", command.PriceTickE8, "tick") : command.PriceTickE8;
            command.PriceMaxE8 = Multiple(record, "priceMax", command.PriceTickE8, "tick");
            if (command.PriceMaxE8 < command.PriceMinE8)
            {
                throw record.Error("priceMax", "must not be below priceMin");
            }

            commands.Add(command);
        }

        return commands;
    }

    private static long Multiple(YamlRecord record, string field, long unitE8, string unitField)
    {
        long value = record.PositiveE8(field);
        return value % unitE8 == 0 ? value : throw record.Error(field, $"must be a multiple of {unitField}");
    }
}
