using System.Text;
using Exchange.Gateway.Authentication;

namespace Exchange.Host.Configuration;

/// <summary>Reads a password from where other users of the box cannot see it: a file, standard input, or a prompt that shows nothing.</summary>
internal static class PasswordInput
{
    /// <summary>Reads a password as UTF-8 bytes, for the caller to overwrite.</summary>
    /// <param name="file">File whose first line it is, - for standard input, null to ask when there is somebody to ask.</param>
    /// <param name="what">What is asked for.</param>
    /// <exception cref="HostException">There is none, or it is too long, or the two inputs differ.</exception>
    public static byte[] Read(string? file, string what)
    {
        string? line = file switch
        {
            null when !Console.IsInputRedirected => Ask(what),
            null or "-" => Console.In.ReadLine(),
            _ => FirstLine(file),
        };
        byte[] password = Encoding.UTF8.GetBytes(line ?? string.Empty);
        bool isUsable = password.Length is > 0 and <= PasswordHasher.PasswordLengthMax && Array.TrueForAll(password, static b => b is >= 0x20 and not 0x7F);
        return isUsable
            ? password
            : throw new HostException($"a password has 1 to {PasswordHasher.PasswordLengthMax} bytes and no control characters; it is read from --password-file, from standard input, or from the keyboard", ExitCode.BadInput);
    }

    private static string FirstLine(string file)
    {
        try
        {
            using StreamReader reader = new(file);
            return reader.ReadLine() ?? string.Empty;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HostException($"{file}: cannot be read: {e.Message}", ExitCode.BadInput);
        }
    }

    private static string Ask(string what)
    {
        string first = AskOnce($"{what}: ");
        return first == AskOnce("again: ") ? first : throw new HostException("the two inputs differ; nothing was changed", ExitCode.BadInput);
    }

    private static string AskOnce(string prompt)
    {
        Console.Error.Write(prompt);
        StringBuilder text = new();
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
            {
                Console.Error.WriteLine();
                return text.ToString();
            }

            if (key.Key == ConsoleKey.Backspace)
            {
                text.Length = Math.Max(0, text.Length - 1);
            }
            else
            {
                text.Append(key.KeyChar);
            }
        }
    }
}
