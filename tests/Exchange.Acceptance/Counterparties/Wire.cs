namespace Exchange.Acceptance.Counterparties;

/// <summary>What a counterparty's messages travel over.</summary>
public enum Wire
{
    /// <summary>Plain TCP.</summary>
    Tcp,

    /// <summary>TLS 1.2 and nothing else.</summary>
    Tls12,

    /// <summary>TLS 1.3 and nothing else.</summary>
    Tls13,

    /// <summary>TLS 1.3, where each client must show a certificate.</summary>
    Tls13WithCertificate,
}
