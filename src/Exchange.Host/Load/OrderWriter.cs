// Writes NewOrderSingle and OrderCancelRequest for one session of the load generator.
//
// Everything that does not change from order to order is prepared once as bytes; an order is then a few copies, three numbers and a
// checksum. BodyLength is always three digits, so it is patched in place instead of moving the body.
//
//   8=FIX.4.4|9=NNN|35=D|34=SEQ|49=HFT1|56=EXCH|52=TIME|11=ID|55=AAPL|54=1|60=TIME|38=1|40=2|44=99.57|59=0|10=CCC|
//   └────── head ──────────┘   └───── parties ───────┘     └─ product ───────┘    └──────── terms ──────────┘
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Exchange.Fix.Dictionary;
using Exchange.Host.Client;
using Exchange.Protocol;

namespace Exchange.Host.Load;

/// <summary>Encoder of one session's requests; allocates only when created.</summary>
internal sealed class OrderWriter
{
    /// <summary>No request is longer.</summary>
    public const int BytesMax = 384;

    private readonly int _lengthAt;
    private readonly int _bodyAt;
    private readonly byte[] _newHead;
    private readonly byte[] _cancelHead;
    private readonly byte[] _newIdTag;
    private readonly byte[] _parties;
    private readonly byte[] _idPrefix;
    private readonly byte[][] _products;
    private readonly byte[][] _terms;
    private readonly byte[] _cancelTerms;

    /// <summary>Prepares the writer of one session.</summary>
    /// <param name="options">The run.</param>
    /// <param name="senderCompId">SenderCompID (49).</param>
    /// <param name="idPrefix">What every ClOrdID of this session and run begins with.</param>
    public OrderWriter(LoadOptions options, string senderCompId, string idPrefix)
    {
        string begin = $"8={options.Version.BeginString}|9=";
        _lengthAt = begin.Length;
        _bodyAt = begin.Length + 4;
        _newHead = Bytes(begin + "000|35=D|34=");
        _cancelHead = Bytes(begin + "000|35=F|34=");
        _newIdTag = Bytes(options.Version.Requires(FixMessageKind.NewOrderSingle, FixTag.HandlInst) ? "|21=1|11=" : "|11=");
        _parties = Bytes($"|49={senderCompId}|56={options.TargetCompId}|52=");
        _idPrefix = Bytes(idPrefix);
        _products = [.. options.Symbols.SelectMany(s => new[] { Bytes($"|55={s}|54=1|60="), Bytes($"|55={s}|54=2|60=") })];
        _terms = new byte[TermsIndex(new OrderShape(0, IsBuy: false, PriceClass.Through, LoadMix.Levels - 1, IsIoc: true)) + 1][];
        foreach (PriceClass price in Enum.GetValues<PriceClass>())
        {
            for (int each = 0; each < LoadMix.Levels * 4; each++)
            {
                OrderShape variant = new(0, (each & 1) == 0, price, each >> 2, (each & 2) != 0);
                string text = Price(options, variant).ToString(CultureInfo.InvariantCulture);
                _terms[TermsIndex(variant)] = Bytes($"|38={options.Quantity}|40=2|44={text}|59={(variant.IsIoc ? 3 : 0)}|");
            }
        }

        _cancelTerms = Bytes($"|38={options.Quantity}|");
        byte[] longest = new byte[BytesMax * 4];
        OrderShape shape = new(0, true, PriceClass.Through, 0, true);
        int length = WriteAgain(longest, long.MaxValue, long.MaxValue, shape, new byte[21], new byte[21], isCancel: false);
        Invariant.Require(length < BytesMax && length - _bodyAt is > 100 and < 900, "symbol or CompID is too long");
    }

    /// <summary>The price of an order.</summary>
    public static decimal Price(LoadOptions options, OrderShape shape)
    {
        int ticks = shape.Price switch
        {
            PriceClass.Passive => -(shape.Level + 1),
            PriceClass.Middle => 0,
            _ => LoadMix.Levels + 1,
        };
        return options.MiddlePrice + (options.Tick * (shape.IsBuy ? ticks : -ticks));
    }

    /// <summary>Writes a NewOrderSingle (D) and returns its length.</summary>
    /// <param name="target">At least <see cref="BytesMax"/> bytes.</param>
    /// <param name="seqNum">MsgSeqNum (34).</param>
    /// <param name="number">The order's number within its session; part of its ClOrdID.</param>
    /// <param name="shape">What kind of order.</param>
    /// <param name="time">SendingTime and TransactTime as text.</param>
    public int WriteNew(Span<byte> target, long seqNum, long number, OrderShape shape, ReadOnlySpan<byte> time) =>
        WriteNew(target, Head(target, _newHead, seqNum, time), number, shape, time);

    /// <summary>Writes an OrderCancelRequest (F) and returns its length.</summary>
    public int WriteCancel(Span<byte> target, long seqNum, long number, OrderShape shape, ReadOnlySpan<byte> time) =>
        WriteCancel(target, Head(target, _cancelHead, seqNum, time), number, shape, time);

    /// <summary>Writes a request again as it was, with PossDupFlag (43) and OrigSendingTime (122), and returns its length.</summary>
    /// <param name="target">At least <see cref="BytesMax"/> bytes.</param>
    /// <param name="seqNum">The number it had.</param>
    /// <param name="number">The order's number within its session.</param>
    /// <param name="shape">What kind of order.</param>
    /// <param name="time">SendingTime as text.</param>
    /// <param name="originalTime">The SendingTime it had, and its TransactTime.</param>
    /// <param name="isCancel">The order's cancel; otherwise the order.</param>
    public int WriteAgain(Span<byte> target, long seqNum, long number, OrderShape shape, ReadOnlySpan<byte> time, ReadOnlySpan<byte> originalTime, bool isCancel)
    {
        int at = Head(target, isCancel ? _cancelHead : _newHead, seqNum, time);
        at = Put(target, at, "\u000143=Y\u0001122="u8);
        at = Put(target, at, originalTime);
        return isCancel ? WriteCancel(target, at, number, shape, originalTime) : WriteNew(target, at, number, shape, originalTime);
    }

    private int Head(Span<byte> target, ReadOnlySpan<byte> head, long seqNum, ReadOnlySpan<byte> time)
    {
        int at = Put(target, 0, head);
        at = Put(target, at, seqNum);
        at = Put(target, at, _parties);
        return Put(target, at, time);
    }

    private int WriteNew(Span<byte> target, int at, long number, OrderShape shape, ReadOnlySpan<byte> transactTime)
    {
        at = Put(target, at, _newIdTag);
        at = PutId(target, at, (byte)'N', number);
        at = Put(target, at, _products[(shape.Symbol * 2) + (shape.IsBuy ? 0 : 1)]);
        at = Put(target, at, transactTime);
        at = Put(target, at, _terms[TermsIndex(shape)]);
        return Close(target, at);
    }

    private int WriteCancel(Span<byte> target, int at, long number, OrderShape shape, ReadOnlySpan<byte> transactTime)
    {
        at = Put(target, at, "\u000111="u8);
        at = PutId(target, at, (byte)'C', number);
        at = Put(target, at, "\u000141="u8);
        at = PutId(target, at, (byte)'N', number);
        at = Put(target, at, _products[(shape.Symbol * 2) + (shape.IsBuy ? 0 : 1)]);
        at = Put(target, at, transactTime);
        at = Put(target, at, _cancelTerms);
        return Close(target, at);
    }

    private static int TermsIndex(OrderShape shape) =>
        (((int)shape.Price * LoadMix.Levels) + shape.Level) * 4 + (shape.IsBuy ? 0 : 1) + (shape.IsIoc ? 2 : 0);

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text.Replace('|', '\u0001'));

    private int PutId(Span<byte> target, int at, byte kind, long number)
    {
        at = Put(target, at, _idPrefix);
        target[at] = kind;
        return Put(target, at + 1, number);
    }

    private int Close(Span<byte> target, int at)
    {
        int body = at - _bodyAt;
        target[_lengthAt] = (byte)('0' + (body / 100));
        target[_lengthAt + 1] = (byte)('0' + (body / 10 % 10));
        target[_lengthAt + 2] = (byte)('0' + (body % 10));
        int sum = FixFrames.CheckSum(target[..at]);
        at = Put(target, at, "10="u8);
        target[at] = (byte)('0' + (sum / 100));
        target[at + 1] = (byte)('0' + (sum / 10 % 10));
        target[at + 2] = (byte)('0' + (sum % 10));
        target[at + 3] = FixFrames.Soh;
        return at + 4;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Put(Span<byte> target, int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(target[at..]);
        return at + bytes.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Put(Span<byte> target, int at, long value)
    {
        bool fits = System.Buffers.Text.Utf8Formatter.TryFormat(value, target[at..], out int written);
        Invariant.Require(fits);
        return at + written;
    }
}
