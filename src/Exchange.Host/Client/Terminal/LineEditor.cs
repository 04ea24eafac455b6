// The line that a person types, with the keys that shells have taught: arrows, Home/End, Ctrl-A/E/B/F/K/U/W, history up and down.
// It knows nothing of a terminal, only keys and text.
using System.Text;

namespace Exchange.Host.Client.Terminal;

/// <summary>Editable line with history.</summary>
internal sealed class LineEditor
{
    private const int HistoryMax = 500;
    private readonly StringBuilder _line = new();
    private readonly List<string> _history = [];
    private string _draft = string.Empty;
    private int _cursor;
    private int _historyAt;

    /// <summary>What a key did.</summary>
    internal enum Result
    {
        /// <summary>The line may have changed.</summary>
        Edited,

        /// <summary>The line is finished; <see cref="Take"/> it.</summary>
        Submitted,

        /// <summary>Ctrl-C on a line with text: it was thrown away.</summary>
        Interrupted,

        /// <summary>Ctrl-C or Ctrl-D on an empty line: leave.</summary>
        Ended,

        /// <summary>Ctrl-L: clear the screen.</summary>
        ClearScreen,
    }

    /// <summary>The line so far.</summary>
    public string Text => _line.ToString();

    /// <summary>Where the next character goes.</summary>
    public int Cursor => _cursor;

    /// <summary>The part of the line that fits into so many columns, and the cursor's column in it.</summary>
    public (string Visible, int Cursor) Window(int columns)
    {
        int start = _cursor < columns ? 0 : _cursor - columns + 1;
        int length = Math.Min(columns, _line.Length - start);
        return (_line.ToString(start, length), _cursor - start);
    }

    /// <summary>Returns the finished line, remembers it, and starts a new one.</summary>
    public string Take()
    {
        string line = Text;
        if (line.Length > 0 && (_history.Count == 0 || _history[^1] != line))
        {
            _history.Add(line);
            if (_history.Count > HistoryMax)
            {
                _history.RemoveAt(0);
            }
        }

        Set(string.Empty);
        _historyAt = _history.Count;
        return line;
    }

    /// <summary>A key was pressed.</summary>
    public Result OnKey(ConsoleKeyInfo key)
    {
        bool control = (key.Modifiers & ConsoleModifiers.Control) != 0;
        switch (key.Key)
        {
            case ConsoleKey.Enter:
                return Result.Submitted;
            case ConsoleKey.C when control:
                bool wasEmpty = _line.Length == 0;
                Set(string.Empty);
                return wasEmpty ? Result.Ended : Result.Interrupted;
            case ConsoleKey.D when control && _line.Length == 0:
                return Result.Ended;
            case ConsoleKey.L when control:
                return Result.ClearScreen;
            case ConsoleKey.J or ConsoleKey.M when control:
                return Result.Submitted;
        }

        if (control)
        {
            OnControl(key.Key);
        }
        else
        {
            OnPlain(key);
        }

        return Result.Edited;
    }

    private void OnControl(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.A:
                _cursor = 0;
                break;
            case ConsoleKey.E:
                _cursor = _line.Length;
                break;
            case ConsoleKey.B:
                _cursor = Math.Max(0, _cursor - 1);
                break;
            case ConsoleKey.F:
                _cursor = Math.Min(_line.Length, _cursor + 1);
                break;
            case ConsoleKey.D:
                Delete();
                break;
            case ConsoleKey.H or ConsoleKey.Backspace:
                Backspace();
                break;
            case ConsoleKey.K:
                _line.Length = _cursor;
                break;
            case ConsoleKey.U:
                _line.Remove(0, _cursor);
                _cursor = 0;
                break;
            case ConsoleKey.W:
                DeleteWord();
                break;
            case ConsoleKey.P:
                Recall(-1);
                break;
            case ConsoleKey.N:
                Recall(1);
                break;
        }
    }

    private void OnPlain(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.LeftArrow:
                _cursor = Math.Max(0, _cursor - 1);
                break;
            case ConsoleKey.RightArrow:
                _cursor = Math.Min(_line.Length, _cursor + 1);
                break;
            case ConsoleKey.Home:
                _cursor = 0;
                break;
            case ConsoleKey.End:
                _cursor = _line.Length;
                break;
            case ConsoleKey.Backspace:
                Backspace();
                break;
            case ConsoleKey.Delete:
                Delete();
                break;
            case ConsoleKey.UpArrow:
                Recall(-1);
                break;
            case ConsoleKey.DownArrow:
                Recall(1);
                break;
            default:
                if (!char.IsControl(key.KeyChar))
                {
                    _line.Insert(_cursor++, key.KeyChar);
                }

                break;
        }
    }

    private void Backspace()
    {
        if (_cursor > 0)
        {
            _line.Remove(--_cursor, 1);
        }
    }

    private void Delete()
    {
        if (_cursor < _line.Length)
        {
            _line.Remove(_cursor, 1);
        }
    }

    private void DeleteWord()
    {
        int start = _cursor;
        while (start > 0 && _line[start - 1] == ' ')
        {
            start--;
        }

        while (start > 0 && _line[start - 1] != ' ')
        {
            start--;
        }

        _line.Remove(start, _cursor - start);
        _cursor = start;
    }

    private void Recall(int step)
    {
        int wanted = _historyAt + step;
        if (wanted < 0 || wanted > _history.Count)
        {
            return;
        }

        if (_historyAt == _history.Count)
        {
            _draft = Text;
        }

        _historyAt = wanted;
        Set(wanted == _history.Count ? _draft : _history[wanted]);
    }

    private void Set(string text)
    {
        _line.Clear().Append(text);
        _cursor = _line.Length;
    }
}
