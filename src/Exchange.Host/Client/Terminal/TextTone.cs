namespace Exchange.Host.Client.Terminal;

/// <summary>How a line is meant; a screen with colours shows it.</summary>
internal enum TextTone
{
    /// <summary>Plain.</summary>
    Normal,

    /// <summary>Something good: a fill, a logon.</summary>
    Good,

    /// <summary>Something to look at: a gap, a lost connection.</summary>
    Warning,

    /// <summary>Something refused or failed.</summary>
    Bad,

    /// <summary>Details, such as traced messages.</summary>
    Faint,
}
