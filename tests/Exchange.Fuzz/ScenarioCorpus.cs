using System.Collections.Concurrent;
using System.Globalization;
using Exchange.Fix.Dictionary;
using Exchange.Host.Conformance;

namespace Exchange.Fuzz;

/// <summary>
/// The conformance scenarios as material: what clients send in them, line by line, for each version. Names become ids that are the same
/// in every run, unlike those of the player.
/// </summary>
internal sealed class ScenarioCorpus
{
    private static readonly Lazy<IReadOnlyList<Scenario>> _pack = new(() => ConformancePack.Load(ConformancePack.DefaultFolder));
    private static readonly ConcurrentDictionary<FixDictionary, ScenarioCorpus> _corpora = new();
    private readonly List<List<(int Tag, string Value)[]>> _scenarios = [];

    /// <summary>Reads the scenarios of a version.</summary>
    private ScenarioCorpus(IReadOnlyList<Scenario> pack, FixDictionary dictionary)
    {
        ScenarioVersion version = ScenarioVersion.Find(dictionary.Version)!;
        foreach (Scenario scenario in pack.Where(scenario => scenario.Versions.Contains(version)))
        {
            int number = _scenarios.Count;
            _scenarios.Add([.. scenario.Steps.OfType<SendStep>().Where(step => step.Versions.Contains(version)).Select(step => Line(step, version, number))]);
        }
    }

    /// <summary>The scenarios of a version.</summary>
    public static ScenarioCorpus Of(FixDictionary dictionary) => _corpora.GetOrAdd(dictionary, static dictionary => new ScenarioCorpus(_pack.Value, dictionary));

    /// <summary>Number of scenarios.</summary>
    public int Count => _scenarios.Count;

    /// <summary>Makes a message of a line, with the numbers and times of the session.</summary>
    /// <returns>False when the scenario has no such line.</returns>
    public bool TryMake(FuzzMessage message, MessageMaker maker, SessionView session, int scenario, int line, int round)
    {
        if (line >= _scenarios[scenario].Count)
        {
            return false;
        }

        (int Tag, string Value)[] fields = _scenarios[scenario][line];
        message.Clear();
        message.Add(FixTag.MsgType, fields.First(field => field.Tag == FixTag.MsgType).Value);
        maker.AddHeader(message, session);
        foreach ((int tag, string value) in fields)
        {
            if (tag is FixTag.MsgType or FixTag.MsgSeqNum)
            {
                continue;
            }

            message.Add(tag, value switch
            {
                "<now>" => session.Now,
                _ when value.StartsWith('#') => string.Create(CultureInfo.InvariantCulture, $"S{round}-{value[1..]}"),
                _ => value,
            });
        }

        return true;
    }

    private static (int Tag, string Value)[] Line(SendStep step, ScenarioVersion version, int number)
    {
        List<(int Tag, string Value)> fields = [.. step.Fields.Where(field => !field.IsAbsent && field.Versions.Contains(version) && field.Tag > 10).Select(field => (field.Tag, Value(field.Value, number)))];
        string type = fields.First(field => field.Tag == FixTag.MsgType).Value;
        if (type is "D" or "F" or "G" && fields.TrueForAll(field => field.Tag != FixTag.TransactTime))
        {
            fields.Add((FixTag.TransactTime, "<now>"));
        }

        if (type is "D" or "G" && version.Name == "4.2")
        {
            fields.Add((FixTag.HandlInst, "1"));
        }

        return [.. fields];
    }

    private static string Value(string template, int number)
    {
        string text = template.Replace('|', '\u0001');
        return text switch
        {
            "<symbol>" => "AAPL",
            _ when text.StartsWith("<now", StringComparison.Ordinal) => "<now>",
            _ when text.StartsWith('<') => string.Create(CultureInfo.InvariantCulture, $"#{number}{text.Trim('<', '>')}"),
            _ => text,
        };
    }
}
