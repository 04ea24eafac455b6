namespace Exchange.Gateway;

/// <summary>Whether clients of a TLS port show certificates of their own.</summary>
public enum ClientCertificateMode
{
    /// <summary>They are not asked.</summary>
    None,

    /// <summary>They are asked; one that shows a certificate must show a good one.</summary>
    Optional,

    /// <summary>One without a good certificate does not come through the handshake.</summary>
    Required,
}
