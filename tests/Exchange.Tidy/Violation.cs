namespace Exchange.Tidy;

/// <summary>One place that breaks a rule, in the form that editors and terminals make clickable.</summary>
/// <param name="Path">File, relative to the repository's root.</param>
/// <param name="Line">Line, from 1; 0 when the file as a whole is meant.</param>
/// <param name="Message">What is wrong and what to do instead.</param>
internal sealed record Violation(string Path, int Line, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Line > 0 ? $"{Path}:{Line}: {Message}" : $"{Path}: {Message}";
}
