// Remembers, for each order of one session that may still be answered, when it was due and what was heard of it.
//
// A ring indexed by the order's number: the number is part of the ClOrdID, so an answer finds its slot without a search. A slot is
// free again once its order and its cancel were answered; until the ring comes round, a second answer to the same order is still
// recognised as a duplicate.
using System.Runtime.CompilerServices;

namespace Exchange.Host.Load;

/// <summary>State of the last orders of one session.</summary>
internal sealed class OrderLedger
{
    /// <summary>Orders remembered.</summary>
    public const int Capacity = 1 << 19;

    private const int Mask = Capacity - 1;
    private readonly Slot[] _slots = new Slot[Capacity];

    /// <summary>What was heard of an order.</summary>
    [Flags]
    internal enum Heard : byte
    {
        /// <summary>Nothing; it is on its way.</summary>
        Nothing = 0,

        /// <summary>It was acknowledged or rejected.</summary>
        Answered = 1,

        /// <summary>Its cancel was sent.</summary>
        CancelSent = 2,

        /// <summary>Its cancel was answered.</summary>
        CancelAnswered = 4,

        /// <summary>It is filled, cancelled or rejected: nothing may follow.</summary>
        Done = 8,

        /// <summary>The slot holds an order.</summary>
        Used = 16,
    }

    /// <summary>Number of the next order.</summary>
    public long Next { get; private set; }

    /// <summary>Whether there is room for one more.</summary>
    public bool HasRoom
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => IsSettled(_slots[Next & Mask].State);
    }

    /// <summary>Notes a new order and returns its number.</summary>
    public long Add(long dueNs)
    {
        Protocol.Invariant.Require(HasRoom);
        _slots[Next & Mask] = new Slot { Number = Next, DueNs = dueNs, State = Heard.Used };
        return Next++;
    }

    /// <summary>The slot of an order; a null reference when it is not known or no longer remembered.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Slot Find(long number)
    {
        ref Slot slot = ref _slots[number & Mask];
        return ref slot.Number == number && (slot.State & Heard.Used) != 0 ? ref slot : ref Unsafe.NullRef<Slot>();
    }

    /// <summary>Orders and cancels that were sent and not answered.</summary>
    public (long Orders, long Cancels) CountUnanswered()
    {
        long orders = 0;
        long cancels = 0;
        foreach (Slot slot in _slots)
        {
            orders += (slot.State & (Heard.Used | Heard.Answered)) == Heard.Used ? 1 : 0;
            cancels += (slot.State & (Heard.CancelSent | Heard.CancelAnswered)) == Heard.CancelSent ? 1 : 0;
        }

        return (orders, cancels);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSettled(Heard state) =>
        (state & (Heard.Used | Heard.Answered)) != Heard.Used && (state & (Heard.CancelSent | Heard.CancelAnswered)) != Heard.CancelSent;

    /// <summary>One order.</summary>
    internal struct Slot
    {
        /// <summary>Number of the order within its session.</summary>
        public long Number;

        /// <summary>When it was due.</summary>
        public long DueNs;

        /// <summary>When its cancel was due.</summary>
        public long CancelDueNs;

        /// <summary>Quantity executed so far.</summary>
        public int CumQty;

        /// <summary>What was heard.</summary>
        public Heard State;
    }
}
