using System.Globalization;

namespace Exchange.Ipc.Control;

/// <summary>A channel such as <c>aeron:ipc?term-length=64k|mtu=1408</c>, as Aeron writes it.</summary>
public sealed class ChannelUri
{
    /// <summary>The channel without parameters.</summary>
    public const string Ipc = "aeron:ipc";

    private const string Prefix = "aeron:";
    private readonly Dictionary<string, string> _parameters;

    private ChannelUri(string media, Dictionary<string, string> parameters)
    {
        Media = media;
        _parameters = parameters;
    }

    /// <summary><c>ipc</c>, or <c>udp</c>, which this driver refuses.</summary>
    public string Media { get; }

    /// <summary>Parses a channel.</summary>
    /// <exception cref="FormatException">It is malformed; the message quotes it.</exception>
    public static ChannelUri Parse(string channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        if (!channel.StartsWith(Prefix, StringComparison.Ordinal))
        {
            throw new FormatException($"channel '{channel}' must start with '{Prefix}'");
        }

        int question = channel.IndexOf('?', StringComparison.Ordinal);
        string media = question < 0 ? channel[Prefix.Length..] : channel[Prefix.Length..question];
        Dictionary<string, string> parameters = new(StringComparer.Ordinal);
        if (question >= 0)
        {
            foreach (string pair in channel[(question + 1)..].Split('|'))
            {
                int equals = pair.IndexOf('=', StringComparison.Ordinal);
                if (equals <= 0)
                {
                    throw new FormatException($"channel '{channel}': '{pair}' is not of the form name=value");
                }

                parameters[pair[..equals]] = pair[(equals + 1)..];
            }
        }

        return new ChannelUri(media, parameters);
    }

    /// <summary>Text of a parameter; null when absent.</summary>
    public string? Get(string name) => _parameters.GetValueOrDefault(name);

    /// <summary>A whole number; null when absent.</summary>
    /// <exception cref="FormatException">Not a number.</exception>
    public long? GetNumber(string name)
    {
        string? text = Get(name);
        if (text == null)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw new FormatException($"channel parameter {name}='{text}' must be a whole number");
    }

    /// <summary>A number of bytes with optional suffix k, m or g; null when absent.</summary>
    /// <exception cref="FormatException">Not a size.</exception>
    public long? GetSize(string name)
    {
        string? text = Get(name);
        if (string.IsNullOrEmpty(text))
        {
            return text == null ? null : throw new FormatException($"channel parameter {name} must be a size such as 64k");
        }

        int shift = char.ToLowerInvariant(text[^1]) switch { 'k' => 10, 'm' => 20, 'g' => 30, _ => 0 };
        ReadOnlySpan<char> digits = shift == 0 ? text : text.AsSpan(0, text.Length - 1);
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value <= long.MaxValue >> shift
            ? value << shift
            : throw new FormatException($"channel parameter {name}='{text}' must be a size such as 64k");
    }

    /// <summary>true or false; null when absent.</summary>
    /// <exception cref="FormatException">Neither.</exception>
    public bool? GetFlag(string name) => Get(name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        string text => throw new FormatException($"channel parameter {name}='{text}' must be true or false"),
    };
}
