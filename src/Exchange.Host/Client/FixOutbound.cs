// The sending side of a client's session: takes numbers, writes messages into the outbound buffer, and repeats them on request.
//
// A resend is streamed: a ResendRequest only notes the range, and messages are written while the buffer is short, so that a request
// for a million messages costs no memory. A new message sent while a resend is under way finishes the resend first; otherwise it
// would arrive in the middle of the repeated range and look like another gap.
using Exchange.Protocol;

namespace Exchange.Host.Client;

/// <summary>Outbound buffer, numbering and resends of a <see cref="FixClientSession"/>.</summary>
internal sealed class FixOutbound
{
    private const int ResendChunkBytes = 256 * 1024;
    private readonly FixClientOptions _options;
    private readonly IFixClientStore _store;
    private readonly IFixClientHandler _handler;
    private readonly FixClientCounters _counters;
    private readonly FixMessageBuilder _builder = new();
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;
    private long _resendNext;
    private long _resendLast;

    /// <summary>Creates the empty buffer.</summary>
    public FixOutbound(FixClientOptions options, IFixClientStore store, IFixClientHandler handler, FixClientCounters counters)
    {
        _options = options;
        _store = store;
        _handler = handler;
        _counters = counters;
    }

    /// <summary>Bytes that wait for the connection.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(_start, _end - _start);

    /// <summary>When something was last written; for heartbeats.</summary>
    public long LastSentNs { get; private set; }

    /// <summary>The first bytes were written to the connection.</summary>
    public void OnWritten(int bytes)
    {
        Invariant.Require(bytes >= 0 && bytes <= _end - _start);
        _start += bytes;
        if (_start == _end)
        {
            _start = 0;
            _end = 0;
        }
    }

    /// <summary>Drops what the old connection did not take and any resend; the numbers stay used.</summary>
    public void Clear()
    {
        _start = 0;
        _end = 0;
        _resendNext = 0;
        _resendLast = -1;
    }

    /// <summary>Sends a new message under the next number and returns that number.</summary>
    /// <param name="msgType">MsgType (35).</param>
    /// <param name="fields">Body fields.</param>
    /// <param name="keep">Kept for resends; otherwise it will be gap-filled.</param>
    /// <param name="nowNs">SendingTime.</param>
    public long Send(ReadOnlySpan<byte> msgType, ReadOnlySpan<byte> fields, bool keep, long nowNs)
    {
        while (IsResending)
        {
            ResendStep(nowNs);
        }

        long seqNum = _store.NextOut;
        OpenHeader(msgType, seqNum).AddTime(52, nowNs, _options.TimestampDecimals).AddFields(fields);
        ReadOnlySpan<byte> frame = _builder.Close(_options.BeginString);
        _store.Append(keep ? frame : default);
        Write(frame, nowNs);
        return seqNum;
    }

    /// <summary>Writes a finished frame.</summary>
    public void Write(ReadOnlySpan<byte> frame, long nowNs)
    {
        if (_end + frame.Length > _buffer.Length)
        {
            MakeRoom(frame.Length);
        }

        frame.CopyTo(_buffer.AsSpan(_end));
        _end += frame.Length;
        LastSentNs = nowNs;
        _handler.OnWire(outbound: true, frame);
    }

    /// <summary>Starts to repeat a range that was sent; joined with a range that is still being repeated.</summary>
    public void Resend(long begin, long end, long nowNs)
    {
        if (IsResending)
        {
            end = Math.Max(end, _resendLast);
        }

        _resendNext = begin;
        _resendLast = end;
        PumpResend(nowNs);
    }

    /// <summary>Goes on with a resend while the buffer is short.</summary>
    public void PumpResend(long nowNs)
    {
        while (IsResending && _end - _start < ResendChunkBytes)
        {
            ResendStep(nowNs);
        }
    }

    private bool IsResending => _resendNext > 0 && _resendNext <= _resendLast;

    private void ResendStep(long nowNs)
    {
        long gapBegin = _resendNext;
        ReadOnlyMemory<byte> frame = default;
        while (IsResending && !(_options.ResendOrders && _store.TryRead(_resendNext, out frame)))
        {
            _resendNext++;
        }

        if (_resendNext > gapBegin)
        {
            OpenHeader("4"u8, gapBegin).Add(43, 'Y').AddTime(52, nowNs, _options.TimestampDecimals)
                .AddTime(122, nowNs, _options.TimestampDecimals).Add(123, 'Y').Add(36, _resendNext);
            Write(_builder.Close(_options.BeginString), nowNs);
        }

        if (IsResending)
        {
            Repeat(new FixMessageView(frame.Span), nowNs);
            _resendNext++;
        }
    }

    private void Repeat(FixMessageView original, long nowNs)
    {
        OpenHeader(original.MsgType, _resendNext).Add(43, 'Y').AddTime(52, nowNs, _options.TimestampDecimals);
        if (original.TryGet(52, out ReadOnlySpan<byte> sendingTime))
        {
            _builder.Add(122, sendingTime);
        }

        foreach (FixField field in original)
        {
            if (field.Tag is not (8 or 9 or 10 or 34 or 35 or 43 or 49 or 52 or 56 or 122))
            {
                _builder.Add(field.Tag, field.Value);
            }
        }

        _counters.Resent++;
        Write(_builder.Close(_options.BeginString), nowNs);
    }

    private FixMessageBuilder OpenHeader(ReadOnlySpan<byte> msgType, long seqNum) =>
        _builder.Open().Add(35, msgType).Add(34, seqNum).Add(49, _options.SenderCompId).Add(56, _options.TargetCompId);

    private void MakeRoom(int bytes)
    {
        int used = _end - _start;
        byte[] target = used + bytes > _buffer.Length / 2 ? new byte[Math.Max(_buffer.Length * 2, (used + bytes) * 2)] : _buffer;
        _buffer.AsSpan(_start, used).CopyTo(target);
        _buffer = target;
        _start = 0;
        _end = used;
    }
}
