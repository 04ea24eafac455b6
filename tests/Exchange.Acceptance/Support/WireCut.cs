namespace Exchange.Acceptance.Support;

/// <summary>What is dark around a member that is cut off.</summary>
internal enum WireCut
{
    /// <summary>Both directions; what is said is lost.</summary>
    Lost,

    /// <summary>Both directions; what is said arrives when the wire is mended.</summary>
    Late,

    /// <summary>What it says is lost; it hears the others.</summary>
    Mute,

    /// <summary>It hears nothing; the others hear it.</summary>
    Deaf,
}
