namespace Exchange.Fix.Validation;

/// <summary>What a session is allowed beyond the dictionary.</summary>
[Flags]
public enum ValidationSwitches
{
    /// <summary>The dictionary is followed exactly.</summary>
    None = 0,

    /// <summary>Tags that the dictionary does not define are ignored.</summary>
    AllowUnknownTags = 1,

    /// <summary>User-defined tags (5000 to 9999 and 20000 up) are ignored.</summary>
    AllowUserDefinedTags = 2,

    /// <summary>A field without a value counts as absent.</summary>
    AllowEmptyValues = 4,

    /// <summary>The fields of a group's entries may stand in any order behind the delimiter.</summary>
    AllowAnyGroupOrder = 8,

    /// <summary>Fields of header, body and trailer may be mixed.</summary>
    AllowAnyFieldOrder = 16,
}
