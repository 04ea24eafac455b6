using System.Globalization;
using System.Text;

namespace Exchange.Host.Conformance;

/// <summary>
/// One of the clients of a scenario. It fills in what a line leaves out, counts numbers in both directions, and checks in each message
/// what no line has to say: form, CompIDs, SendingTime, and that no MsgSeqNum is left out or comes twice.
/// </summary>
internal sealed class ScenarioClient : IDisposable
{
    private static readonly int[] _headerTags = [34, 49, 56, 52];
    private static readonly int[] _framingTags = [8, 9, 10];
    private static readonly HashSet<int> _optionalHeaderTags = [43, 97, 122, 115, 128, 90, 91, 50, 142, 57, 143, 116, 144, 129, 145, 212, 213, 347, 369, 627, 628, 629, 630, 1128, 1129, 1156];
    private readonly ConformanceOptions _options;
    private ConformanceConnection? _connection;

    /// <summary>Creates a client that is not connected.</summary>
    public ScenarioClient(ConformanceOptions options, string sender, ScenarioVersion version, ScenarioValues values)
    {
        _options = options;
        Sender = sender;
        Version = version;
        Values = values;
    }

    /// <summary>Our CompID.</summary>
    public string Sender { get; }

    /// <summary>The FIX version spoken.</summary>
    public ScenarioVersion Version { get; }

    /// <summary>The names of the scenario.</summary>
    public ScenarioValues Values { get; }

    /// <summary>MsgSeqNum of the next message sent.</summary>
    public long NextOut { get; private set; } = 1;

    /// <summary>MsgSeqNum of the next message received.</summary>
    public long NextIn { get; private set; } = 1;

    /// <summary>Whether a Logon was answered and no Logout came since.</summary>
    public bool IsLoggedOn { get; private set; }

    /// <summary>Whether there is a connection that the acceptor has not closed, as far as was read.</summary>
    public bool IsConnected => _connection is { IsClosed: false };

    /// <summary>Opens a connection; numbers go on.</summary>
    public void Connect()
    {
        _connection?.Dispose();
        _connection = ConformanceConnection.Open(_options.Address, _options.Tls);
        IsLoggedOn = false;
    }

    /// <summary>Closes the connection.</summary>
    public void Disconnect()
    {
        _connection?.Close(_options.Patience);
        _connection = null;
        IsLoggedOn = false;
    }

    /// <summary>Sends a message of these fields; header and trailer are filled in as far as they are not given.</summary>
    public void Send(IReadOnlyList<ScenarioField> fields)
    {
        Values.Tick();
        List<ScenarioField> given = [.. fields.Where(field => field.Versions.Contains(Version))];
        string type = Values.Fill(given.Find(static field => field.Tag == 35)?.Value ?? throw new ScenarioFailure("a line to be sent needs 35"));
        if (type == "A" && given.Exists(static field => field is { Tag: 141, Value: "Y" }))
        {
            NextOut = 1;
        }

        StringBuilder body = new();
        Append(body, 35, type);
        foreach (int tag in _headerTags)
        {
            Append(body, given, tag, Default(tag));
        }

        given.ForEach(field => AppendIf(body, field, _optionalHeaderTags.Contains(field.Tag)));
        given.ForEach(field => AppendIf(body, field, field.Tag != 35 && !_headerTags.Contains(field.Tag) && !_framingTags.Contains(field.Tag) && !_optionalHeaderTags.Contains(field.Tag)));
        AppendUsual(body, given, type);

        string? bodyLength = given.Find(static field => field.Tag == 9)?.Value;
        string? checkSum = given.Find(static field => field.Tag == 10)?.Value;
        string beginString = Values.Fill(given.Find(static field => field.Tag == 8)?.Value ?? Version.BeginString);
        if (bodyLength is null && checkSum is null)
        {
            Count(given, type);
        }

        Write(WireMessage.Frame(beginString, body.ToString(), bodyLength, checkSum));
    }

    /// <summary>Sends text as it stands but for names and |; <c>&lt;seq&gt;</c> is the next number and uses it up, <c>&lt;length&gt;</c> and <c>&lt;sum&gt;</c> are counted.</summary>
    public void SendRaw(string template)
    {
        Values.Tick();
        Values.Set("seq", NextOut.ToString(CultureInfo.InvariantCulture));
        if (template.Contains("<seq>", StringComparison.Ordinal))
        {
            NextOut++;
        }

        // The names that are counted stay until the text in front of them is final.
        string text = Values.Fill(template.Replace("<length>", "\u0002", StringComparison.Ordinal).Replace("<sum>", "\u0003", StringComparison.Ordinal));
        int length = text.IndexOf('\u0002', StringComparison.Ordinal);
        if (length >= 0)
        {
            int trailer = text.LastIndexOf("\u000110=", StringComparison.Ordinal);
            text = text.Replace("\u0002", (trailer - length - 1).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        }

        int sum = text.IndexOf('\u0003', StringComparison.Ordinal);
        if (sum >= 0)
        {
            int start = text.LastIndexOf("8=FIX", sum, StringComparison.Ordinal);
            text = text.Replace("\u0003", WireMessage.Sum(text[start..(sum - 3)]).ToString("D3", CultureInfo.InvariantCulture), StringComparison.Ordinal);
        }

        Write(text);
    }

    /// <summary>The next message; null when none came in time or the acceptor has closed.</summary>
    /// <param name="limit">How long to wait.</param>
    /// <param name="isNumberStated">The scenario says which MsgSeqNum it has, so it need not be the next.</param>
    public WireMessage? Receive(TimeSpan limit, bool isNumberStated = false)
    {
        if (_connection is null)
        {
            throw new ScenarioFailure("there is no connection");
        }

        WireMessage? message = _connection.Receive(limit);
        if (message is not null)
        {
            Check(message, isNumberStated);
        }

        return message;
    }

    /// <inheritdoc/>
    public void Dispose() => _connection?.Dispose();

    private void Write(string text)
    {
        if (_connection is null)
        {
            throw new ScenarioFailure("there is no connection");
        }

        _connection.Send(text);
    }

    private string Default(int tag) => tag switch
    {
        34 => NextOut.ToString(CultureInfo.InvariantCulture),
        49 => Sender,
        56 => _options.Target,
        _ => Values.Now(),
    };

    private void Append(StringBuilder body, List<ScenarioField> given, int tag, string value)
    {
        ScenarioField? field = given.Find(field => field.Tag == tag);
        if (field is null)
        {
            Append(body, tag, value);
        }
        else if (!field.IsAbsent)
        {
            Append(body, tag, Values.Fill(field.Value));
        }
    }

    private void AppendIf(StringBuilder body, ScenarioField field, bool condition)
    {
        if (condition && !field.IsAbsent)
        {
            Append(body, field.Tag, Values.Fill(field.Value));
        }
    }

    /// <summary>What every message of a type has, so that it need not stand in each line: who logs on, and the times of requests.</summary>
    private void AppendUsual(StringBuilder body, List<ScenarioField> given, string type)
    {
        (int Tag, string? Value)[] usual = type switch
        {
            "A" => [(1137, Version.DefaultApplVerId), (553, _options.Username ?? Sender), (554, _options.Password ?? Sender)],
            "D" or "G" => [(21, Version.Name == "4.2" ? "1" : null), (60, Values.Now())],
            "F" or "q" or "CA" => [(60, Values.Now())],
            _ => [],
        };
        foreach ((int tag, string? value) in usual)
        {
            if (!string.IsNullOrEmpty(value) && !given.Exists(field => field.Tag == tag))
            {
                Append(body, tag, value);
            }
        }
    }

    private static void Append(StringBuilder body, int tag, string value) => body.Append(CultureInfo.InvariantCulture, $"{tag}={value}{WireMessage.Soh}");

    /// <summary>Moves the next number behind what is sent, never back: only a Logon with 141=Y does that.</summary>
    private void Count(List<ScenarioField> given, string type)
    {
        long number = NextOut;
        ScenarioField? explicitNumber = given.Find(static field => field.Tag == 34);
        if (explicitNumber is not null && (explicitNumber.IsAbsent || !long.TryParse(Values.Fill(explicitNumber.Value), NumberStyles.None, CultureInfo.InvariantCulture, out number)))
        {
            return;
        }

        NextOut = number >= NextOut ? number + 1 : NextOut;
        ScenarioField? newSeqNo = given.Find(static field => field.Tag == 36);
        if (type == "4" && newSeqNo is not null && long.TryParse(Values.Fill(newSeqNo.Value), NumberStyles.None, CultureInfo.InvariantCulture, out long next) && next > NextOut)
        {
            NextOut = next;
        }
    }

    private void Check(WireMessage message, bool isNumberStated)
    {
        Require(message[8] == Version.BeginString, $"8: wanted {Version.BeginString}, received {message[8]}", message);
        Require(message.Fields[2].Tag == 35, "the third field must be 35", message);
        Require(message[49] == _options.Target && message[56] == Sender, $"49 and 56: wanted {_options.Target} and {Sender}", message);
        Require(Values.Mismatch("<time>", message[52] ?? "") is null, "52 must be a UTCTimestamp", message);
        Require(message.Number(34) > 0, "34 must be a positive number", message);
        if (message[43] == "Y")
        {
            Require(Values.Mismatch("<time>", message[122] ?? "") is null, "122 must be there with 43=Y", message);
            return;
        }

        bool isReset = message.MsgType == "A" && message[141] == "Y";
        long expected = isReset ? 1 : NextIn;
        bool isResetMode = message.MsgType == "4" && message[123] != "Y";
        Require(isResetMode || isNumberStated || message.Number(34) == expected, $"34: wanted {expected}, as no number may be left out or come twice, received {message[34]}", message);
        NextIn = isResetMode ? message.Number(36) : message.Number(34) + 1;
        IsLoggedOn = message.MsgType switch
        {
            "A" => true,
            "5" => false,
            _ => IsLoggedOn,
        };
    }

    private static void Require(bool condition, string difference, WireMessage message)
    {
        if (!condition)
        {
            throw new ScenarioFailure(difference, message);
        }
    }
}
