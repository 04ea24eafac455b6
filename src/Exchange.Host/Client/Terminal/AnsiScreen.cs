// A screen on a real terminal. The last row belongs to the prompt and the line being typed; everything else is printed above it: one
// write erases that row, prints the text, and draws the row again, so that a report that arrives never garbles what is being typed.
// The row never wraps (the editor shows a window of long input), because a wrapped row could not be erased reliably.
using System.Text;

namespace Exchange.Host.Client.Terminal;

/// <summary>Terminal with cursor control.</summary>
internal sealed class AnsiScreen : ITerminalScreen
{
    private const int WidthDefault = 80;
    private readonly LineEditor _editor;
    private readonly Action<string> _write;
    private readonly Func<int> _width;
    private readonly StringBuilder _text = new();
    private string _prompt = "> ";

    /// <summary>Draws on a terminal.</summary>
    /// <param name="editor">The line being typed.</param>
    /// <param name="write">Writes to the terminal.</param>
    /// <param name="width">Columns of the terminal; 0 when unknown.</param>
    public AnsiScreen(LineEditor editor, Action<string> write, Func<int> width)
    {
        _editor = editor;
        _write = write;
        _width = width;
    }

    /// <inheritdoc/>
    public int Width => _width() is > 0 and int columns ? columns : WidthDefault;

    /// <inheritdoc/>
    public bool IsRich => true;

    /// <inheritdoc/>
    public void Print(string text, TextTone tone = TextTone.Normal)
    {
        string colour = tone switch
        {
            TextTone.Good => "\u001b[32m",
            TextTone.Warning => "\u001b[33m",
            TextTone.Bad => "\u001b[31m",
            TextTone.Faint => "\u001b[2m",
            _ => string.Empty,
        };
        _text.Clear().Append("\r\u001b[J").Append(colour).Append(text.Replace("\n", "\r\n", StringComparison.Ordinal));
        if (colour.Length > 0)
        {
            _text.Append("\u001b[0m");
        }

        _text.Append("\r\n");
        AppendPrompt();
    }

    /// <inheritdoc/>
    public void SetPrompt(string prompt)
    {
        if (_prompt != prompt)
        {
            _prompt = prompt;
            Redraw();
        }
    }

    /// <summary>Draws the prompt and the line being typed again.</summary>
    public void Redraw()
    {
        _text.Clear().Append("\r\u001b[J");
        AppendPrompt();
    }

    /// <summary>Clears the whole screen.</summary>
    public void Clear()
    {
        _write("\u001b[H\u001b[2J");
        Redraw();
    }

    /// <summary>Leaves the line as it stands and goes to the next row; for a submitted line and for the end.</summary>
    public void Leave() => _write("\r\n");

    private void AppendPrompt()
    {
        (string visible, int cursor) = _editor.Window(Math.Max(8, Width - _prompt.Length - 1));
        _text.Append("\u001b[36m").Append(_prompt).Append("\u001b[0m").Append(visible);
        int back = visible.Length - cursor;
        if (back > 0)
        {
            _text.Append("\u001b[").Append(back).Append('D');
        }

        _write(_text.ToString());
    }
}
