// One episode is a few thousand inputs to one venue, from one pair of numbers: the seed of the run and the number of the episode. A failure
// names both and the input, so it comes again with nothing else.
using System.Globalization;
using System.Text;
using Exchange.Fix.Framing;
using Exchange.Fix.Tests;
using Exchange.Protocol.Commands;

namespace Exchange.Fuzz;

/// <summary>Plays one episode.</summary>
internal sealed class FuzzEpisode : IDisposable
{
    /// <summary>Inputs of an episode.</summary>
    public const int InputsMax = 2_000;

    private const int InputBytesMax = 1 << 16;

    private readonly Dice _dice;
    private readonly FuzzTotals _totals;
    private readonly FuzzVenue _venue;
    private readonly Mutator _mutator;
    private readonly GuardedBuffer _guarded = new();
    private readonly FuzzMessage _message = new();
    private readonly MessageMaker[] _makers;
    private readonly byte[] _input = new byte[InputBytesMax];
    private readonly byte[] _stream = new byte[InputBytesMax * 2];
    private readonly (int Scenario, int Line, int Round)[] _places;
    private readonly List<(int Start, int Length)> _whole = [];
    private long _nowSecond = -1;
    private string _now = "";

    /// <summary>Creates an episode of a seed.</summary>
    public FuzzEpisode(long seed, long episode, FuzzTotals totals)
    {
        _dice = new Dice(seed, episode);
        _totals = totals;
        _venue = new FuzzVenue(totals);
        _mutator = new Mutator(_dice);
        _makers = [.. _venue.Sessions.Select(session => new MessageMaker(session.Dictionary, _dice))];
        _places = new (int, int, int)[_venue.Sessions.Count];
    }

    /// <summary>Plays all inputs of an episode.</summary>
    /// <exception cref="FuzzFailure">Something that must hold did not.</exception>
    public static void Run(long seed, long episode, int inputs, FuzzTotals totals)
    {
        using FuzzEpisode played = new(seed, episode, totals);
        played.Play(seed, episode, inputs);
    }

    /// <summary>Feeds one input to each client of a new venue, before and after it has logged on.</summary>
    /// <exception cref="FuzzFailure">Something that must hold did not.</exception>
    public static void RunOne(string input)
    {
        using FuzzEpisode played = new(0, 0, new FuzzTotals());
        byte[] bytes = Encoding.Latin1.GetBytes(input);
        foreach (FuzzSession session in played._venue.Sessions)
        {
            played.Feed(session, bytes);
            played._makers[session.Id].MakeLogon(played._message, played.View(session) with { NextIn = 1 }, isReset: true);
            int length = played._message.Write(session.Dictionary.BeginStringBytes.Span, played._input);
            played.Feed(session, played._input.AsSpan(0, length));
            FuzzFailure.Unless(played._venue.IsLoggedOn(session), $"{session.CompId} is not logged on");
            played.Feed(session, bytes);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _venue.Dispose();
        _guarded.Dispose();
    }

    private void Play(long seed, long episode, int inputs)
    {
        int length = 0;
        int number = 0;
        try
        {
            for (; number < inputs; number++)
            {
                length = 0;
                FuzzSession session = _dice.Of(_venue.Sessions);
                Tick(session);
                length = MakeInput(session);
                _totals.Inputs++;
                _totals.Bytes += length;
                Feed(session, _input.AsSpan(0, length));
            }

            _venue.CompareSnapshot();
        }
        catch (Exception e)
        {
            string input = Encoding.Latin1.GetString(_input.AsSpan(0, length)).Replace('\u0001', '|');
            throw new FuzzFailure(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, episode {episode}, input {number}: {e.GetType().Name}: {e.Message}\ninput: {input}"), e);
        }
    }

    private void Tick(FuzzSession session)
    {
        _venue.Wait(_dice.OneIn(500) ? 1_000_000L * _dice.Below(30_000) : 100_000L);
        if (_dice.OneIn(40) && _venue.IsLoggedOn(session))
        {
            _venue.Due(session, _dice.Of([CommandType.HeartbeatDue, CommandType.TestRequestDue, CommandType.HeartbeatDue, CommandType.LogoutDue, CommandType.ConnectionLost]));
        }
    }

    private SessionView View(FuzzSession session)
    {
        if (_venue.NowNs / 1_000_000_000 != _nowSecond)
        {
            _nowSecond = _venue.NowNs / 1_000_000_000;
            _now = DateTime.UnixEpoch.AddSeconds(_nowSecond).ToString("yyyyMMdd-HH:mm:ss", CultureInfo.InvariantCulture);
        }

        long number = _dice.OneIn(25) ? Math.Max(0, session.NextIn + _dice.Below(9) - 4) : session.NextIn;
        return new SessionView(session.CompId, "EXCH", number, session.NextOut, _now);
    }

    private int MakeInput(FuzzSession session)
    {
        SessionView view = View(session);
        MessageMaker maker = _makers[session.Id];
        bool isLogon = !_venue.IsLoggedOn(session) && !_dice.OneIn(20);
        if (isLogon)
        {
            maker.MakeLogon(_message, view, _dice.OneIn(3));
        }
        else if (!_dice.OneIn(3) || !FromScenario(session, view))
        {
            maker.Make(_message, view);
        }

        if (isLogon ? _dice.OneIn(4) : _dice.OneIn(2))
        {
            _mutator.Damage(_message);
        }

        int length = _message.Write(session.Dictionary.BeginStringBytes.Span, _input);
        return length > 0 && _dice.OneIn(9) ? _mutator.Damage(_input, length) : length;
    }

    private bool FromScenario(FuzzSession session, SessionView view)
    {
        ScenarioCorpus corpus = ScenarioCorpus.Of(session.Dictionary);
        ref (int Scenario, int Line, int Round) place = ref _places[session.Id];
        if (corpus.TryMake(_message, _makers[session.Id], view, place.Scenario, place.Line, place.Round))
        {
            place.Line++;
            return true;
        }

        place = (_dice.Below(corpus.Count), 0, place.Round + 1);
        return false;
    }

    private void Feed(FuzzSession session, ReadOnlySpan<byte> input)
    {
        Span<byte> guarded = _guarded.AtEnd(input);
        _whole.Clear();
        int consumed = 0;
        while (consumed < guarded.Length)
        {
            ReadOnlySpan<byte> rest = guarded[consumed..];
            FixFrame frame = FixFramer.Read(rest);
            if (frame.Status == FrameStatus.NeedMore)
            {
                FuzzFailure.Unless(frame.BytesNeeded > rest.Length && frame.Consumed == 0, "the framer needs more than nothing");
                break;
            }

            FuzzFailure.Unless(frame.Consumed > 0 && frame.Consumed <= rest.Length, "the framer consumes what there is not");
            if (frame.Status == FrameStatus.Message)
            {
                _whole.Add((consumed, frame.Consumed));
                _totals.Messages++;
                if (_dice.OneIn(8))
                {
                    _venue.Inspect(session, rest[..frame.Consumed]);
                }

                _venue.Receive(session, rest[..frame.Consumed]);
            }
            else
            {
                _totals.Garbled++;
            }

            consumed += frame.Consumed;
        }

        if (_dice.OneIn(16))
        {
            CompareInPieces(input);
        }

        if (_dice.OneIn(64))
        {
            FindAgain(session, input);
        }
    }

    /// <summary>The same bytes, arriving piece by piece, hold the same messages at the same places.</summary>
    private void CompareInPieces(ReadOnlySpan<byte> input)
    {
        int found = 0;
        int start = 0;
        int end = 0;
        while (end < input.Length)
        {
            end = Math.Min(input.Length, end + 1 + _dice.Below(60));
            while (start < end)
            {
                FixFrame frame = FixFramer.Read(_guarded.AtEnd(input[start..end]));
                if (frame.Status == FrameStatus.NeedMore)
                {
                    break;
                }

                if (frame.Status == FrameStatus.Message)
                {
                    FuzzFailure.Unless(found < _whole.Count && _whole[found] == (start, frame.Consumed), "in pieces another message is found than in the whole");
                    found++;
                }

                start += frame.Consumed;
            }
        }

        FuzzFailure.Unless(found == _whole.Count, "in pieces a message of the whole is lost");
        _totals.Chunked++;
    }

    /// <summary>Behind any bytes, the framer is back in step after as many as the longest message may have.</summary>
    private void FindAgain(FuzzSession session, ReadOnlySpan<byte> input)
    {
        input.CopyTo(_stream);
        int length = input.Length;
        _message.Clear();
        _message.Add(35, "0");
        _makers[session.Id].AddHeader(_message, View(session));
        int last = 0;
        for (int added = 0; added <= FixFramer.DefaultBodyLengthMax + 100; added += length - last)
        {
            last = length;
            length += _message.Write(session.Dictionary.BeginStringBytes.Span, _stream.AsSpan(length));
        }

        int consumed = 0;
        bool isFound = false;
        while (consumed < length)
        {
            FixFrame frame = FixFramer.Read(_stream.AsSpan(consumed, length - consumed));
            if (frame.Status == FrameStatus.NeedMore)
            {
                break;
            }

            isFound = frame.Status == FrameStatus.Message && consumed == last && frame.Consumed == length - last;
            consumed += frame.Consumed;
        }

        FuzzFailure.Unless(isFound && consumed == length, "the framer has not found its way back");
        _totals.Resynchronised++;
    }
}
