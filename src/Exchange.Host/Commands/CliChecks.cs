using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Exchange.Host.Commands;

/// <summary>Checks of option values; each failure is one line that says what is allowed.</summary>
internal static class CliChecks
{
    /// <summary>A number within limits.</summary>
    public static void InRange(Option<int> option, int min, int max) => option.Validators.Add(result =>
    {
        if (TryGet(result, option, out int value) && (value < min || value > max))
        {
            result.AddError($"{option.Name} is {value}, allowed are {min} to {max}.");
        }
    });

    /// <summary>A number within limits, or none.</summary>
    public static void InRange(Option<int?> option, int min, int max) => option.Validators.Add(result =>
    {
        if (TryGet(result, option, out int? value) && (value < min || value > max))
        {
            result.AddError($"{option.Name} is {value}, allowed are {min} to {max}.");
        }
    });

    /// <summary>One of a few words; they show in the help too.</summary>
    public static void OneOf<T>(Option<T> option, params string[] allowed)
        where T : class?
    {
        option.CompletionSources.Add(allowed);
        option.Validators.Add(result =>
        {
            if (TryGet(result, option, out T? value) && value is string word && !allowed.Contains(word, StringComparer.Ordinal))
            {
                result.AddError($"{option.Name} is '{word}', allowed are {string.Join(", ", allowed)}.");
            }
        });
    }

    /// <summary>A time of day as HH:MM.</summary>
    public static void TimeOfDay(Option<string> option) => option.Validators.Add(result =>
    {
        if (TryGet(result, option, out string? value) && !TimeOnly.TryParseExact(value, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            result.AddError($"{option.Name} is '{value}', but must be a time of day like 17:30.");
        }
    });

    /// <summary>The value of an option, for a check of several together; false when it does not convert, which is an error of its own.</summary>
    public static bool TryGet<T>(CommandResult result, Option<T> option, out T? value)
    {
        try
        {
            value = result.GetValue(option);
            return true;
        }
        catch (InvalidOperationException)
        {
            value = default;
            return false;
        }
    }

    private static bool TryGet<T>(OptionResult result, Option<T> option, out T? value)
    {
        // A value that does not convert already has an error of its own.
        value = default;
        foreach (ParseError _ in result.Errors)
        {
            return false;
        }

        try
        {
            value = result.GetValue(option);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
