using Spectre.Console;
using Spectre.Console.Rendering;

namespace Exchange.Host.Operations;

/// <summary>Writes tables to standard output.</summary>
internal static class TableOutput
{
    private const int RedirectedWidth = 240;

    /// <summary>Writes one.</summary>
    public static void Write(IRenderable table)
    {
        if (Console.IsOutputRedirected)
        {
            // A file or a pipe has no width and no colours; nothing in it should be cut.
            AnsiConsole.Profile.Width = RedirectedWidth;
            AnsiConsole.Profile.Capabilities.Ansi = false;
            AnsiConsole.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
        }

        AnsiConsole.Write(table);
    }
}
