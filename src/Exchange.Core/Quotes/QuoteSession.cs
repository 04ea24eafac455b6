using Exchange.Protocol;
using Exchange.Protocol.Text;

namespace Exchange.Core.Quotes;

/// <summary>The quotes of one session: by instrument and side, and in the order of their ids.</summary>
internal sealed class QuoteSession
{
    private int[] _slots = [];
    private readonly List<(Text16 Group, long OrderId)> _groupThrough = [];

    /// <summary>Slot of its oldest side of a quote; 0 when it has none.</summary>
    public int Head { get; set; }

    /// <summary>Slot of its youngest.</summary>
    public int Tail { get; set; }

    /// <summary>Sides of quotes that are open.</summary>
    public int Count { get; set; }

    /// <summary>Highest OrderID of the sides that the session has withdrawn; what is left of them goes step by step, and trades no more.</summary>
    public long WithdrawnThrough { get; set; }

    /// <summary>Slot of its side of the quote in an instrument; 0 when there is none.</summary>
    public int this[int instrumentId, Side side]
    {
        get
        {
            int at = At(instrumentId, side);
            return at < _slots.Length ? _slots[at] : 0;
        }

        set
        {
            int at = At(instrumentId, side);
            if (at >= _slots.Length)
            {
                Array.Resize(ref _slots, Math.Max(64, (at + 2) * 2));
            }

            _slots[at] = value;
        }
    }

    /// <summary>The same as <see cref="WithdrawnThrough"/> for one market group.</summary>
    public long WithdrawnThroughOf(in Text16 group)
    {
        foreach ((Text16 name, long orderId) in _groupThrough)
        {
            if (name == group)
            {
                return orderId;
            }
        }

        return 0;
    }

    /// <summary>Withdraws the sides in a market group up to an OrderID.</summary>
    public void WithdrawThrough(in Text16 group, long orderId)
    {
        for (int i = 0; i < _groupThrough.Count; i++)
        {
            if (_groupThrough[i].Group == group)
            {
                _groupThrough[i] = (group, orderId);
                return;
            }
        }

        _groupThrough.Add((group, orderId));
    }

    private static int At(int instrumentId, Side side) => (instrumentId * 2) + (side == Side.Buy ? 0 : 1);
}
