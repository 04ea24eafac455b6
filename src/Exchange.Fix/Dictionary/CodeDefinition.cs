namespace Exchange.Fix.Dictionary;

/// <summary>One value of a code set.</summary>
/// <param name="Value">As on the wire.</param>
/// <param name="Name">What it means.</param>
public sealed record CodeDefinition(string Value, string Name);
