// Three clients that send what they like in pieces of any size, hang up, do not listen, change passwords and try wrong ones; between them a
// neighbour that does nothing wrong. The same neighbour lives in a second venue, at the same times but alone. What must hold, whatever the
// three do: nothing throws, what waits for a client has a limit, strangers are told nothing, passwords are wiped, a garbled message uses up no
// number, each Logon ends in one ConnectionLost, and the neighbour's commands and answers are those of the one that is alone.
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Exchange.Fix.Tests;
using Exchange.Gateway.Connections;

namespace Exchange.Fuzz;

/// <summary>Plays one episode of connections.</summary>
internal sealed partial class ConnectionEpisode : IDisposable
{
    /// <summary>Inputs of an episode.</summary>
    public const int InputsMax = 1_000;

    private const int UnreadMax = 48 * 1024;
    private readonly Dice _dice;
    private readonly FuzzTotals _totals;
    private readonly ConnectionVenue _venue;
    private readonly ConnectionVenue _alone;
    private readonly Mutator _mutator;
    private readonly GuardedBuffer _guarded = new();
    private readonly FuzzMessage _message = new();
    private readonly MessageMaker[] _makers;
    private readonly byte[] _input = new byte[1 << 15];
    private readonly (int Scenario, int Line, int Round)[] _places;
    private readonly FuzzClient[] _strangers;
    private readonly (ConnectionVenue Venue, FuzzClient Client)[] _neighbours;
    private int _neighbourNext = 1;
    private int _orders;

    /// <summary>Creates an episode of a seed.</summary>
    public ConnectionEpisode(long seed, long episode, FuzzTotals totals)
    {
        _dice = new Dice(~seed, episode);
        _totals = totals;
        _venue = new ConnectionVenue(totals);
        _alone = new ConnectionVenue(new FuzzTotals());
        _mutator = new Mutator(_dice);
        _makers = [.. _venue.Clients.Select(client => new MessageMaker(client.Dictionary, _dice))];
        _places = new (int, int, int)[_venue.Clients.Count];
        _strangers = [.. _venue.Clients.SkipLast(1)];
        _neighbours = [(_venue, _venue.Clients[^1]), (_alone, _alone.Clients[^1])];
    }

    /// <summary>Plays all inputs of an episode.</summary>
    /// <exception cref="FuzzFailure">Something that must hold did not.</exception>
    public static void Run(long seed, long episode, int inputs, FuzzTotals totals)
    {
        using ConnectionEpisode played = new(seed, episode, totals);
        played.Play(seed, episode, inputs);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _venue.Dispose();
        _alone.Dispose();
        _guarded.Dispose();
    }

    private void Play(long seed, long episode, int inputs)
    {
        int length = 0;
        int number = 0;
        try
        {
            OpenNeighbour();
            for (; number < inputs; number++)
            {
                Wait();
                length = Act(_dice.Of(_strangers));
                _totals.Inputs++;
                _totals.Bytes += length;
                if (_dice.OneIn(4))
                {
                    Neighbour();
                }
            }

            HangUpAll();
        }
        catch (Exception e)
        {
            string input = Encoding.Latin1.GetString(_input.AsSpan(0, length)).Replace('\u0001', '|');
            throw new FuzzFailure(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, episode {episode}, connection input {number}: {e.GetType().Name}: {e.Message}\ninput: {input}\n{e.StackTrace}"), e);
        }
    }

    private void OpenNeighbour()
    {
        foreach ((ConnectionVenue venue, FuzzClient client) in _neighbours)
        {
            venue.Open(client);
            (client.Commands, client.Heard) = ([], []);
        }

        SayAsNeighbour("A", (98, "0"), (108, "60"), (553, "NEAR1"), (554, ConnectionVenue.Secret + "NEAR1"));
        Neighbour();
    }

    private void Wait()
    {
        bool isLong = _dice.OneIn(100);
        long ns = isLong ? 1_000_000L * _dice.Below(45_000) : 1_000L * _dice.Below(200_000);
        _venue.Wait(ns);
        _alone.Wait(ns);
        if (isLong)
        {
            Neighbour();
        }
    }

    /// <summary>One stranger does something; how many bytes it sent.</summary>
    private int Act(FuzzClient client)
    {
        if (!client.IsOpen)
        {
            _venue.Open(client);
        }

        bool isOver = client.Connection.State is ConnectionState.Flushing or ConnectionState.Lingering or ConnectionState.Closed;
        if (_dice.OneIn(isOver ? 2 : 60))
        {
            _venue.HangUp(client);
        }

        if (_dice.OneIn(40))
        {
            _venue.Redefine(client, _dice.OneIn(3) ? 1 + _dice.Below(60) : 0);
        }

        client.Listens = client.Listens ? !_dice.OneIn(60) : _dice.OneIn(20);
        client.IsIngressFull = client.IsIngressFull ? !_dice.OneIn(4) : _dice.OneIn(40);
        int length = 0;

        // A client rarely says more before it was answered, since it would not know the next number.
        bool waits = client.Connection.State is not (ConnectionState.AwaitingLogon or ConnectionState.Bound) || (client.Unread.Count > 0 && client.Connection.IsReadPaused);
        waits &= !_dice.OneIn(6);
        if (!waits && client.Unread.Count < UnreadMax)
        {
            length = MakeInput(client, out bool isDamaged, out bool isGarbled);
            client.IsClean &= !isDamaged;
            isGarbled &= client is { Unread.Count: 0, Connection.State: ConnectionState.Bound };
            (long, long) numbers = _venue.Numbers(client);
            int commands = client.CommandsOffered;
            Deliver(client, _input.AsSpan(0, length));
            FuzzFailure.Unless(!isGarbled || (_venue.Numbers(client) == numbers && client.CommandsOffered == commands), "a garbled message used up a number or became a command");
            _totals.Ignored += isGarbled ? 1 : 0;
        }

        foreach (FuzzClient other in _strangers)
        {
            Pump(other);
            _venue.Attend(other, _dice.OneIn(3));
        }

        return length;
    }

    private int MakeInput(FuzzClient client, out bool isDamaged, out bool isGarbled)
    {
        (long nextIn, long nextOut) = _venue.Numbers(client);
        long number = _dice.OneIn(25) ? Math.Max(0, nextIn + _dice.Below(9) - 4) : nextIn;
        SessionView view = new(client.CompId, "EXCH", number, nextOut, Time());
        bool isBound = client.Connection.State is ConnectionState.Bound or ConnectionState.AwaitingLogonReply;
        if (!isBound && !_dice.OneIn(20))
        {
            _makers[client.SessionId].MakeLogon(_message, view, _dice.OneIn(3));
            AddPasswords(client);
        }
        else if (_dice.OneIn(30) && client.Dictionary.BeginString != "FIX.4.2")
        {
            _message.Clear();
            _message.Add(35, "BE");
            _makers[client.SessionId].AddHeader(_message, view);
            _message.Add(923, $"U{number}");
            _message.Add(924, _dice.OneIn(4) ? 4 : 3);
            AddPasswords(client);
        }
        else if (!_dice.OneIn(3) || !FromScenario(client, view))
        {
            _makers[client.SessionId].Make(_message, view);
        }

        isDamaged = isBound ? _dice.OneIn(2) : _dice.OneIn(5);
        if (isDamaged)
        {
            _mutator.Damage(_message);
        }

        int length = _message.Write(client.Dictionary.BeginStringBytes.Span, _input);
        isGarbled = length > 0 && !isDamaged && _dice.OneIn(12);
        if (isGarbled)
        {
            // Another sum, or a sum that is none.
            _input[length - 2] = _dice.OneIn(3) ? (byte)'x' : (byte)('0' + ((_input[length - 2] - '0' + 1 + _dice.Below(9)) % 10));
        }
        else if (length > 0 && _dice.OneIn(12))
        {
            length = _mutator.Damage(_input, length);
            isDamaged = true;
        }

        return length;
    }

    /// <summary>Who it is and what only it knows; now and then a wrong password, a new one, or one far too long.</summary>
    private void AddPasswords(FuzzClient client)
    {
        _message.Add(553, client.CompId);
        _message.Add(554, _dice.OneIn(8) ? ConnectionVenue.Secret + "wrong" : ConnectionVenue.Secret + client.CompId);
        if (_dice.OneIn(8))
        {
            _message.Add(925, _dice.OneIn(4) ? ConnectionVenue.Secret + new string('x', 1 << _dice.Below(11)) : ConnectionVenue.Secret + client.CompId);
        }
    }

    private bool FromScenario(FuzzClient client, SessionView view)
    {
        ScenarioCorpus corpus = ScenarioCorpus.Of(client.Dictionary);
        ref (int Scenario, int Line, int Round) place = ref _places[client.SessionId];
        if (corpus.TryMake(_message, _makers[client.SessionId], view, place.Scenario, place.Line, place.Round))
        {
            place.Line++;
            return true;
        }

        place = (_dice.Below(corpus.Count), 0, place.Round + 1);
        return false;
    }

    /// <summary>Bytes arrive, in one piece or in several.</summary>
    private void Deliver(FuzzClient client, ReadOnlySpan<byte> bytes)
    {
        bool isWhole = _dice.OneIn(2);
        while (bytes.Length > 0)
        {
            int piece = isWhole ? bytes.Length : Math.Min(bytes.Length, 1 + _dice.Below(_dice.OneIn(3) ? 5 : 200));
            client.Unread.AddRange(bytes[..piece]);
            bytes = bytes[piece..];
            Pump(client);
        }
    }

    private void Pump(FuzzClient client)
    {
        if (!client.IsOpen || client.Unread.Count == 0)
        {
            return;
        }

        Span<byte> guarded = _guarded.AtEnd(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(client.Unread));
        client.Unread.RemoveRange(0, _venue.Receive(client, guarded));
        client.IsClean |= client.Unread.Count == 0;
    }

    /// <summary>The neighbour says something, in both venues, and hears the same in both.</summary>
    private void Neighbour()
    {
        foreach ((ConnectionVenue venue, FuzzClient client) in _neighbours)
        {
            venue.Attend(client, worker: true);
            venue.Attend(client, worker: true);
            FuzzFailure.Unless(client.Connection.State == ConnectionState.Bound, $"the neighbour's connection is {client.Connection.State}: {client.Connection.CloseReason}");
        }

        switch (_dice.Below(6))
        {
            case 0:
                SayAsNeighbour("1", (112, $"T{_neighbourNext}"));
                break;
            case 1:
                SayAsNeighbour("F", (11, $"C{_neighbourNext}"), (41, $"N{_orders}"), (55, "NEAR"), (54, "1"), (60, Time()));
                break;
            case 2:
                SayAsNeighbour("2", (7, "1"), (16, "0"));
                break;
            case 3:
                SayAsNeighbour("D", (11, $"N{_orders}"), (55, "NEAR"), (54, "x"), (60, Time()), (40, "2"), (44, "10"), (38, "5"));
                break;
            case 4:
                SayAsNeighbour("0");
                break;
            default:
                SayAsNeighbour("D", (11, $"N{++_orders}"), (55, "NEAR"), (54, _orders % 3 == 0 ? "2" : "1"), (60, Time()), (40, "2"), (44, "10.5"), (38, "7"));
                break;
        }

        foreach ((ConnectionVenue venue, FuzzClient client) in _neighbours)
        {
            venue.Attend(client, worker: true);
        }

        Compare();
    }

    private void SayAsNeighbour(string type, params (int Tag, string Value)[] body)
    {
        FuzzClient client = _neighbours[0].Client;
        _message.Clear();
        _message.Add(35, type);
        _makers[client.SessionId].AddHeader(_message, new SessionView(client.CompId, "EXCH", _neighbourNext++, 1, Time()));
        Array.ForEach(body, field => _message.Add(field.Tag, field.Value));
        byte[] bytes = new byte[4096];
        int length = _message.Write(client.Dictionary.BeginStringBytes.Span, bytes);
        foreach ((ConnectionVenue venue, FuzzClient neighbour) in _neighbours)
        {
            FuzzFailure.Unless(venue.Receive(neighbour, bytes.AsSpan(0, length).ToArray()) == length, "the neighbour's message was not taken");
        }
    }

    private void Compare()
    {
        (FuzzClient here, FuzzClient alone) = (_neighbours[0].Client, _neighbours[1].Client);
        FuzzFailure.Unless(here.Commands!.Count == alone.Commands!.Count && here.Commands.Zip(alone.Commands).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)), "the neighbour's commands are others than those of one that is alone");
        string heard = Comparable(here);
        string heardAlone = Comparable(alone);
        FuzzFailure.Unless(heard == heardAlone, $"the neighbour heard\n{heard}alone it hears\n{heardAlone}");
        here.Commands.Clear();
        alone.Commands.Clear();
        here.Heard!.Clear();
        alone.Heard!.Clear();
        _totals.Compared++;
    }

    /// <summary>What was heard, without what the whole venue counts (37, 17) and what follows from it (9, 10).</summary>
    private static string Comparable(FuzzClient client) => string.Concat(client.Heard!.Select(text => VenueWide().Replace(text, "|") + "\n"));

    [GeneratedRegex(@"\|(9|10|17|37)=[^|]*(?=\|)")]
    private static partial Regex VenueWide();

    private void HangUpAll()
    {
        foreach (FuzzClient client in _strangers.Where(client => client.IsOpen))
        {
            client.IsIngressFull = false;
            client.Listens = true;
            _venue.HangUp(client);
            _venue.Attend(client, worker: true);
            _venue.Attend(client, worker: true);
            FuzzFailure.Unless(!client.IsOpen, $"a connection that was hung up is {client.Connection.State}");
        }

        Neighbour();
    }

    private string Time() => DateTime.UnixEpoch.AddTicks(_venue.Now.UnixNs / 100).ToString("yyyyMMdd-HH:mm:ss", CultureInfo.InvariantCulture);
}
