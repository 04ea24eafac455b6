namespace Exchange.Fix.Documents;

/// <summary>A row of a table: what stands at one place of a message, component or group.</summary>
/// <param name="Kind">fieldRef, componentRef or groupRef.</param>
/// <param name="Id">What it refers to.</param>
/// <param name="Presence">For each version how it stands there; null where it does not.</param>
internal sealed record SpecRow(string Kind, int Id, string?[] Presence);
