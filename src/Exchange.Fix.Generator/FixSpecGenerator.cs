using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Exchange.Fix.Generator;

/// <summary>
/// Turns fix-spec/*.xml into C# while Exchange.Fix is compiled, so that the tables of parser, validation and encoders are
/// never older than the specification that clients read. An inconsistent specification is a compile error.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class FixSpecGenerator : IIncrementalGenerator
{
    private static readonly DiagnosticDescriptor InconsistentSpec = new(
        "EXFIX001", "Inconsistent FIX specification", "{0}: {1}", "FixSpec", DiagnosticSeverity.Error, isEnabledByDefault: true);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<ImmutableArray<(string Path, string Text)>> specs = context.AdditionalTextsProvider
            .Where(static file => file.Path.EndsWith(".xml", StringComparison.OrdinalIgnoreCase))
            .Select(static (file, token) => (file.Path, Text: file.GetText(token)?.ToString() ?? string.Empty))
            .Collect();
        context.RegisterSourceOutput(specs, static (output, files) => Generate(output, files));
    }

    private static void Generate(SourceProductionContext output, ImmutableArray<(string Path, string Text)> files)
    {
        List<SpecModel> models = [];
        foreach ((string path, string text) in files.OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            try
            {
                foreach (SpecModel model in OrchestraReader.Read(text))
                {
                    Add(output, model.Version.Identifier + "Definition", DictionaryEmitter.Definition(model));
                    models.Add(model);
                }
            }
            catch (SpecException e)
            {
                output.ReportDiagnostic(Diagnostic.Create(InconsistentSpec, Location.None, path, e.Message));
                return;
            }
        }

        Add(output, "FixTag", DictionaryEmitter.Tags(models));
        Add(output, "FixMessageKind", DictionaryEmitter.Kinds(models));
        Add(output, "FixDictionaries", DictionaryEmitter.Dictionaries(models));
    }

    private static void Add(SourceProductionContext output, string name, string text) =>
        output.AddSource(name + ".g.cs", SourceText.From(text, System.Text.Encoding.UTF8));
}
