namespace Exchange.Fix.Dictionary;

/// <summary>Part of a message. Fields of a later part never precede those of an earlier one.</summary>
public enum MessageSection
{
    /// <summary>Standard header.</summary>
    Header,

    /// <summary>Body.</summary>
    Body,

    /// <summary>Standard trailer.</summary>
    Trailer,
}
