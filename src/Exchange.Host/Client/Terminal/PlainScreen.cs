namespace Exchange.Host.Client.Terminal;

/// <summary>A screen without any escape sequence: for pipes, files and dumb terminals. Lines only, no prompt.</summary>
internal sealed class PlainScreen : ITerminalScreen
{
    private readonly Action<string> _writeLine;

    /// <summary>Writes lines through the given function.</summary>
    public PlainScreen(Action<string> writeLine)
    {
        _writeLine = writeLine;
    }

    /// <inheritdoc/>
    public int Width => 160;

    /// <inheritdoc/>
    public bool IsRich => false;

    /// <inheritdoc/>
    public void Print(string text, TextTone tone = TextTone.Normal) => _writeLine(text);

    /// <inheritdoc/>
    public void SetPrompt(string prompt)
    {
    }
}
