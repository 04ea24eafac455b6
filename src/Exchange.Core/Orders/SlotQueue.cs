using Exchange.Core.Matching;

namespace Exchange.Core.Orders;

/// <summary>Open orders that wait in line outside of the book, linked through their nodes.</summary>
internal sealed class SlotQueue
{
    /// <summary>Slot of the first; 0 when there is none.</summary>
    public int Head { get; private set; }

    /// <summary>Slot of the last.</summary>
    public int Tail { get; private set; }

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Puts an order at the end.</summary>
    public void Add(NativeArray<OrderNode> nodes, int slot)
    {
        ref OrderNode node = ref nodes[slot];
        node.Next = 0;
        node.Prev = Tail;
        if (Tail != 0)
        {
            nodes[Tail].Next = slot;
        }
        else
        {
            Head = slot;
        }

        Tail = slot;
        Count++;
    }

    /// <summary>Takes an order out.</summary>
    public void Remove(NativeArray<OrderNode> nodes, int slot)
    {
        ref OrderNode node = ref nodes[slot];
        if (node.Prev != 0)
        {
            nodes[node.Prev].Next = node.Next;
        }
        else
        {
            Head = node.Next;
        }

        if (node.Next != 0)
        {
            nodes[node.Next].Prev = node.Prev;
        }
        else
        {
            Tail = node.Prev;
        }

        Count--;
    }
}
