namespace Exchange.Fix.Dictionary;

/// <summary>A field as fix-spec defines it.</summary>
/// <param name="Tag">Tag number.</param>
/// <param name="Name">FIX name.</param>
/// <param name="Type">How values are written.</param>
/// <param name="LengthTag">The field that gives the length of this data field; 0 for other fields.</param>
/// <param name="Codes">The values allowed; empty when any is.</param>
public sealed record FieldDefinition(int Tag, string Name, FixDataType Type, int LengthTag, IReadOnlyList<CodeDefinition> Codes);
