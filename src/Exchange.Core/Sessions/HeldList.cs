namespace Exchange.Core.Sessions;

/// <summary>The messages of one session in <see cref="HeldMessages"/>, by number. All zero is an empty list.</summary>
internal struct HeldList
{
    /// <summary>Place of the lowest number; 0 when there is none.</summary>
    public int First;

    /// <summary>Place of the highest number; 0 when there is none.</summary>
    public int Last;

    /// <summary>How many.</summary>
    public int Count;
}
