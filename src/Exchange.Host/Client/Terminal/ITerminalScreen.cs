namespace Exchange.Host.Client.Terminal;

/// <summary>Where the terminal writes.</summary>
internal interface ITerminalScreen
{
    /// <summary>Columns available.</summary>
    int Width { get; }

    /// <summary>Whether escape sequences and box characters may be used.</summary>
    bool IsRich { get; }

    /// <summary>Prints whole lines, above whatever the user is typing.</summary>
    void Print(string text, TextTone tone = TextTone.Normal);

    /// <summary>Sets what stands in front of the input.</summary>
    void SetPrompt(string prompt);
}
