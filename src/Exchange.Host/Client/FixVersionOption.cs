using System.CommandLine;
using Exchange.Fix.Dictionary;

namespace Exchange.Host.Client;

/// <summary>The option by which a client's version of FIX is chosen.</summary>
internal static class FixVersionOption
{
    /// <summary>Names of the versions as a person types them.</summary>
    private static readonly string[] s_names = [.. FixDictionaries.All.Select(static dictionary => dictionary.Version["FIX.".Length..])];

    /// <summary>Creates the option.</summary>
    public static Option<string> Create() => new("--fix-version")
    {
        Description = "version of FIX: " + string.Join(", ", s_names),
        DefaultValueFactory = _ => "4.4",
    };

    /// <summary>The version that was chosen.</summary>
    /// <exception cref="HostException">There is no such version.</exception>
    public static FixDictionary Read(ParseResult parsed, Option<string> option)
    {
        string name = parsed.GetRequiredValue(option);
        return FixDictionaries.All.FirstOrDefault(dictionary => dictionary.Version == "FIX." + name)
            ?? throw new HostException($"{option.Name}: '{name}' must be one of {string.Join(", ", s_names)}", ExitCode.BadInput);
    }
}
