using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Exchange.Host.Configuration;

/// <summary>
/// Reads a YAML file that holds one list of flat records, as the instruments and participants files do. A person edits these files, so
/// every mistake is one line with file, line, field, and what is allowed; unknown and repeated fields are mistakes too.
/// </summary>
internal static class YamlRecords
{
    private const long FileBytesMax = 64 << 20;

    /// <summary>Reads the records under <paramref name="listName"/>.</summary>
    /// <param name="source">File name for messages.</param>
    /// <param name="text">Content.</param>
    /// <param name="listName">The one key at the top.</param>
    /// <param name="fields">Fields that a record may have.</param>
    public static List<YamlRecord> Read(string source, string text, string listName, IReadOnlyCollection<string> fields) =>
        Read(source, text, listName, fields, [], out _);

    /// <summary>Reads the records under <paramref name="listName"/> and single values beside it.</summary>
    /// <param name="source">File name for messages.</param>
    /// <param name="text">Content.</param>
    /// <param name="listName">The key of the list.</param>
    /// <param name="fields">Fields that a record may have.</param>
    /// <param name="topFields">Other keys allowed at the top.</param>
    /// <param name="top">Their values.</param>
    public static List<YamlRecord> Read(string source, string text, string listName, IReadOnlyCollection<string> fields, IReadOnlyCollection<string> topFields, out YamlRecord top)
    {
        YamlStream stream = [];
        try
        {
            using StringReader reader = new(text);
            stream.Load(reader);
        }
        catch (YamlException e)
        {
            throw Error(source, e.Start.Line, listName, $"is not valid YAML: {FirstLine(e.Message)}");
        }

        if (stream.Documents.Count != 1 || stream.Documents[0].RootNode is not YamlMappingNode mapping)
        {
            throw Error(source, 1, listName, $"the file must hold one document with the key '{listName}'");
        }

        YamlSequenceNode? list = null;
        Dictionary<string, (string Value, long Line)> values = [];
        foreach ((YamlNode key, YamlNode value) in mapping.Children)
        {
            string name = (key as YamlScalarNode)?.Value ?? key.ToString();
            if (name == listName)
            {
                list = value as YamlSequenceNode ?? throw Error(source, value.Start.Line, listName, "must be a list of records");
            }
            else if (topFields.Contains(name))
            {
                values.Add(name, (value as YamlScalarNode is { Value: { } single } ? single : throw Error(source, value.Start.Line, name, "must be a single value"), value.Start.Line));
            }
            else
            {
                string allowed = topFields.Count == 0 ? $"the only key allowed at the top is '{listName}'" : $"allowed at the top are {listName}, {string.Join(", ", topFields)}";
                throw Error(source, key.Start.Line, key.ToString(), $"is not known here; {allowed}");
            }
        }

        if (list is null || list.Children.Count == 0)
        {
            throw Error(source, 1, listName, "must hold at least one record");
        }

        List<YamlRecord> records = [];
        foreach (YamlNode node in list.Children)
        {
            records.Add(ReadRecord(source, node, listName, fields));
        }

        top = new YamlRecord(source, 1, values);
        return records;
    }

    /// <summary>Reads a whole file as text, or says why that is not possible.</summary>
    public static string ReadFile(string path)
    {
        try
        {
            FileInfo info = new(path);
            if (!info.Exists)
            {
                throw new HostException($"{path}: no such file; name an existing one or leave the option out for the development defaults", ExitCode.BadInput);
            }

            if (info.Length > FileBytesMax)
            {
                throw new HostException($"{path}: {info.Length} bytes are more than a configuration file may have ({FileBytesMax})", ExitCode.BadInput);
            }

            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HostException($"{path}: cannot be read: {e.Message}", ExitCode.BadInput);
        }
    }

    /// <summary>An error at a place in a file.</summary>
    public static HostException Error(string source, long line, string field, string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{source} line {line}: field {field}: {what}"), ExitCode.BadInput);

    private static YamlRecord ReadRecord(string source, YamlNode node, string listName, IReadOnlyCollection<string> fields)
    {
        if (node is not YamlMappingNode mapping)
        {
            throw Error(source, node.Start.Line, listName, "each entry must be a record of 'field: value' pairs");
        }

        Dictionary<string, (string Value, long Line)> values = [];
        foreach ((YamlNode key, YamlNode value) in mapping.Children)
        {
            string name = (key as YamlScalarNode)?.Value ?? key.ToString();
            if (!fields.Contains(name))
            {
                throw Error(source, key.Start.Line, name, $"is not known; allowed are {string.Join(", ", fields)}");
            }

            if (value is not YamlScalarNode { Value: { } text })
            {
                throw Error(source, value.Start.Line, name, "must be a single value");
            }

            values.Add(name, (text, value.Start.Line));
        }

        return new YamlRecord(source, node.Start.Line, values);
    }

    private static string FirstLine(string message)
    {
        int end = message.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
