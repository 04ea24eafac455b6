namespace Exchange.Fix.Generator;

/// <summary>Part of a message.</summary>
internal enum SpecSection
{
    Header,
    Body,
    Trailer,
}
