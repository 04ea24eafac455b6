// Reads a scenario file. The form is made to be read by people who know FIX and nothing of this exchange:
//
//      title: A Logon is answered                 one line each: title, rule, case, versions; rule may go on in indented lines
//      rule:  The acceptor echoes HeartBtInt.
//      versions: all
//
//      > logon                                    the client connects and logs on with 141=Y
//      > 35=D 11=<id1> 55=<symbol> 54=1 …         the client sends; header and trailer are filled in
//      < 35=8 150=0 11=<id1> 37=<order> !44       it must receive next: these fields, that one absent
//      < disconnect                               the acceptor closes
//      operator news --headline Halt …            the acceptor's operator does something, by the command given to the player
//
// What must hold: whatever is wrong with a file is said with its name and line.
using System.Globalization;

namespace Exchange.Host.Conformance;

/// <summary>Reads one scenario file.</summary>
internal sealed class ScenarioFile
{
    private const string DefaultHeartBtInt = "30";
    private static readonly string[] _keys = ["title", "rule", "case", "versions"];

    private readonly string _name;
    private readonly Dictionary<string, string> _header = new(StringComparer.Ordinal);
    private readonly List<ScenarioStep> _steps = [];
    private int _line;
    private string? _lastKey;

    private ScenarioFile(string name) => _name = name;

    /// <summary>Parses the text of a file.</summary>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="text">Its content.</param>
    /// <exception cref="HostException">Something in it is wrong.</exception>
    public static Scenario Parse(string name, string text) => new ScenarioFile(name).Read(text);

    private Scenario Read(string text)
    {
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            _line++;
            ReadLine(line);
        }

        string versions = Required("versions");
        if (!VersionSet.TryParse(versions, out VersionSet set))
        {
            throw Error($"versions: '{versions}' is none; write all, or some of {string.Join(", ", ScenarioVersion.All.Select(static v => v.Name))}");
        }

        return new Scenario
        {
            Name = _name,
            Title = Required("title"),
            Rule = Required("rule"),
            Case = _header.GetValueOrDefault("case", ""),
            Versions = set,
            Steps = _steps.Count > 0 ? _steps : throw Error("nothing happens in it"),
        };
    }

    private void ReadLine(string line)
    {
        string trimmed = line.Trim();
        if (trimmed.Length == 0 || trimmed[0] == '#')
        {
            return;
        }

        if (_steps.Count == 0 && _lastKey is not null && char.IsWhiteSpace(line[0]))
        {
            _header[_lastKey] += " " + trimmed;
            return;
        }

        int colon = trimmed.IndexOf(':', StringComparison.Ordinal);
        if (_steps.Count == 0 && colon > 0 && trimmed[..colon].All(char.IsAsciiLetter))
        {
            ReadHeader(trimmed[..colon], trimmed[(colon + 1)..].Trim());
            return;
        }

        VersionSet versions = TakeVersions(ref trimmed);
        ReadStep(trimmed, line.Trim(), versions);
    }

    private void ReadHeader(string key, string value)
    {
        if (!_keys.Contains(key, StringComparer.Ordinal) || value.Length == 0 || !_header.TryAdd(key, value))
        {
            throw Error($"'{key}:' is unknown, empty or there twice; a scenario opens with {string.Join(", ", _keys)}");
        }

        _lastKey = key;
    }

    private void ReadStep(string line, string text, VersionSet versions)
    {
        if (line.StartsWith("wait ", StringComparison.Ordinal))
        {
            _steps.Add(new WaitStep(_line, text, versions, Seconds(line[5..])));
            return;
        }

        if (line.StartsWith("operator ", StringComparison.Ordinal))
        {
            _steps.Add(new OperatorStep(_line, text, versions, [.. Words(line[9..]).Select(Unquote)]));
            return;
        }

        int client = line[0] == 'B' ? 1 : 0;
        string rest = line[0] is 'A' or 'B' ? line[1..] : line;
        char direction = rest.Length > 1 && rest[1] == ' ' ? rest[0] : '?';
        string content = rest.Length > 2 ? rest[2..].Trim() : "";
        switch (direction)
        {
            case '>':
                ReadSend(client, content, text, versions);
                break;
            case '<':
                TimeRange within = TakeRange(ref content);
                _steps.Add(content == "disconnect"
                    ? new AwaitCloseStep(_line, text, client, versions, within)
                    : new ReceiveStep(_line, text, client, versions, Fields(content), within));
                break;
            default:
                throw Error($"'{text}': a line is > and what is sent, < and what is received, with A or B in front where there are two clients, wait SECONDS, or operator WHAT");
        }
    }

    private void ReadSend(int client, string content, string text, VersionSet versions)
    {
        string word = content.Split(' ')[0];
        switch (word)
        {
            case "connect":
                _steps.Add(new ConnectStep(_line, text, client, versions));
                break;
            case "disconnect":
                _steps.Add(new DisconnectStep(_line, text, client, versions));
                break;
            case "raw":
                _steps.Add(new SendRawStep(_line, text, client, versions, content.Length > 4 ? content[4..] : throw Error("raw needs the bytes behind it")));
                break;
            case "logon":
                ReadLogon(client, content[5..].Trim(), text, versions);
                break;
            case "logout":
                _steps.Add(new SendStep(_line, text, client, versions, Fields("35=5")));
                _steps.Add(new ReceiveStep(_line, text, client, versions, Fields("35=5"), default));
                _steps.Add(new AwaitCloseStep(_line, text, client, versions, default));
                break;
            default:
                _steps.Add(new SendStep(_line, text, client, versions, Fields(content)));
                break;
        }
    }

    /// <summary>What most scenarios begin with: a connection, and a Logon that starts both numbers at 1.</summary>
    private void ReadLogon(int client, string extra, string text, VersionSet versions)
    {
        List<ScenarioField> given = extra.Length == 0 ? [] : Fields(extra);
        string heartBtInt = given.Find(static field => field.Tag == 108)?.Value ?? DefaultHeartBtInt;
        string fixedPart = $"98=0 108={heartBtInt} 141=Y";
        List<ScenarioField> sent = Fields("35=A " + fixedPart);
        sent.AddRange(given.Where(static field => field.Tag != 108));
        _steps.Add(new ConnectStep(_line, text, client, versions));
        _steps.Add(new SendStep(_line, text, client, versions, sent));
        _steps.Add(new ReceiveStep(_line, text, client, versions, Fields("35=A 34=1 " + fixedPart), default));
    }

    private List<ScenarioField> Fields(string content)
    {
        List<ScenarioField> fields = [];
        foreach (string word in Words(content))
        {
            string rest = word;
            VersionSet versions = TakeVersions(ref rest);
            int equals = rest.IndexOf('=', StringComparison.Ordinal);
            bool isAbsent = rest.StartsWith('!');
            string tagText = isAbsent ? rest[1..] : equals > 0 ? rest[..equals] : "";
            if (!int.TryParse(tagText, NumberStyles.None, CultureInfo.InvariantCulture, out int tag) || (isAbsent && equals >= 0))
            {
                throw Error($"'{word}' is no field; write TAG=VALUE, quotes around a value with spaces, or !TAG for one that is absent");
            }

            fields.Add(new ScenarioField(tag, isAbsent ? "" : Unquote(rest[(equals + 1)..]), isAbsent, versions));
        }

        return fields.Count > 0 ? fields : throw Error("a message without a field");
    }

    /// <summary>Splits at spaces outside of quotes.</summary>
    private IEnumerable<string> Words(string content)
    {
        int start = 0;
        bool quoted = false;
        for (int i = 0; i <= content.Length; i++)
        {
            if (i < content.Length && content[i] == '"')
            {
                quoted = !quoted;
            }

            if (i == content.Length || (content[i] == ' ' && !quoted))
            {
                if (i > start)
                {
                    yield return content[start..i];
                }

                start = i + 1;
            }
        }

        if (quoted)
        {
            throw Error("a quote is not closed");
        }
    }

    private static string Unquote(string value) => value.Length > 1 && value[0] == '"' && value[^1] == '"' ? value[1..^1] : value;

    /// <summary>Takes <c>[4.4+]</c> from the front of a line or field.</summary>
    private VersionSet TakeVersions(ref string text)
    {
        if (text[0] != '[')
        {
            return VersionSet.All;
        }

        int end = text.IndexOf(']', StringComparison.Ordinal);
        if (end < 0 || !VersionSet.TryParse(text[1..end], out VersionSet versions) || end + 1 == text.Length)
        {
            throw Error($"'{text}': in brackets stand versions, and behind them what is only for those");
        }

        text = text[(end + 1)..].TrimStart();
        return versions;
    }

    /// <summary>Takes <c>(after 0.8 to 2 s)</c> from the end of a line.</summary>
    private TimeRange TakeRange(ref string content)
    {
        const string Opening = "(after ";
        int start = content.LastIndexOf(Opening, StringComparison.Ordinal);
        if (start < 0)
        {
            return default;
        }

        string inner = content[(start + Opening.Length)..].TrimEnd();
        int to = inner.IndexOf(" to ", StringComparison.Ordinal);
        if (to < 0 || !inner.EndsWith(" s)", StringComparison.Ordinal))
        {
            throw Error("a time is written (after 0.8 to 2 s)");
        }

        content = content[..start].TrimEnd();
        TimeRange range = new(Seconds(inner[..to]), Seconds(inner[(to + 4)..^3]));
        return range.Max >= range.Min ? range : throw Error("a time ends after it begins");
    }

    private TimeSpan Seconds(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds <= 3600
            ? TimeSpan.FromSeconds(seconds)
            : throw Error($"'{text}' is no number of seconds");

    private string Required(string key) => _header.TryGetValue(key, out string? value) ? value : throw Error($"'{key}:' is missing; a scenario opens with {string.Join(", ", _keys)}");

    private HostException Error(string message) => new(string.Create(CultureInfo.InvariantCulture, $"{_name}:{_line}: {message}"), ExitCode.BadInput);
}
