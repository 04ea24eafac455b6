namespace Exchange.Core.Quotes;

/// <summary>A side of a quote in the list of its session, under the slot of its order.</summary>
internal struct QuoteLink
{
    /// <summary>Slot of the next younger one; 0 at the end.</summary>
    public int Next;

    /// <summary>Slot of the next older one; 0 at the start.</summary>
    public int Prev;
}
