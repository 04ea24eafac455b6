using Exchange.Host.Client.Terminal;

namespace Exchange.Host.Tests.Client.Terminal;

public class LineEditorTests
{
    private readonly LineEditor _editor = new();

    [Fact]
    public void Typing_moving_and_deleting()
    {
        Type("bxy 1");
        Press(ConsoleKey.Home);
        Press(ConsoleKey.RightArrow);
        Press(ConsoleKey.Delete);
        Type("u");
        Assert.Equal(("buy 1", 2), (_editor.Text, _editor.Cursor));
        Control(ConsoleKey.E);
        Press(ConsoleKey.Backspace);
        Control(ConsoleKey.W);
        Assert.Equal("", _editor.Text);
    }

    [Fact]
    public void Lines_come_back_from_history_and_the_draft_is_kept()
    {
        Type("one");
        Assert.Equal("one", _editor.Take());
        Type("two");
        Assert.Equal("two", _editor.Take());
        Type("dra");
        Press(ConsoleKey.UpArrow);
        Assert.Equal("two", _editor.Text);
        Press(ConsoleKey.UpArrow);
        Press(ConsoleKey.UpArrow);
        Assert.Equal("one", _editor.Text);
        Press(ConsoleKey.DownArrow);
        Press(ConsoleKey.DownArrow);
        Assert.Equal("dra", _editor.Text);
    }

    [Fact]
    public void Control_c_clears_the_line_and_leaves_when_it_is_empty()
    {
        Type("x");
        Assert.Equal(LineEditor.Result.Interrupted, Control(ConsoleKey.C));
        Assert.Equal("", _editor.Text);
        Assert.Equal(LineEditor.Result.Ended, Control(ConsoleKey.C));
        Assert.Equal(LineEditor.Result.Ended, Control(ConsoleKey.D));
    }

    [Fact]
    public void A_line_longer_than_the_terminal_is_shown_around_the_cursor()
    {
        Type("0123456789");
        Assert.Equal(("3456789", 7), (_editor.Window(8).Visible, _editor.Window(8).Cursor));
        Press(ConsoleKey.Home);
        Assert.Equal(("01234567", 0), (_editor.Window(8).Visible, _editor.Window(8).Cursor));
    }

    [Fact]
    public void A_report_that_arrives_is_printed_above_what_is_being_typed()
    {
        List<string> written = [];
        AnsiScreen screen = new(_editor, written.Add, static () => 80);
        screen.SetPrompt("HFT1> ");
        Type("buy 10");
        Press(ConsoleKey.LeftArrow);
        written.Clear();
        screen.Print("FILL");
        string one = Assert.Single(written);
        Assert.Equal("\r\u001b[JFILL\r\n\u001b[36mHFT1> \u001b[0mbuy 10\u001b[1D", one);
    }

    private void Type(string text)
    {
        foreach (char character in text)
        {
            _editor.OnKey(new ConsoleKeyInfo(character, default, false, false, false));
        }
    }

    private void Press(ConsoleKey key) => _editor.OnKey(new ConsoleKeyInfo('\0', key, false, false, false));

    private LineEditor.Result Control(ConsoleKey key) => _editor.OnKey(new ConsoleKeyInfo('\0', key, false, false, true));
}
