namespace Exchange.Acceptance.Counterparties;

/// <summary>How a foreign engine speaks TLS.</summary>
/// <param name="Protocol">The only version that it speaks: TLSv1.2 or TLSv1.3.</param>
/// <param name="AuthorityFile">PEM file with the authority that it trusts.</param>
/// <param name="CertificateFile">PEM file with its own certificate; null for none.</param>
/// <param name="KeyFile">PEM file with the key of that certificate.</param>
internal sealed record ClientTls(string Protocol, string AuthorityFile, string? CertificateFile, string? KeyFile)
{
    /// <summary>The files, in the order in which both engines' programs take them.</summary>
    public IEnumerable<string> Files => CertificateFile is null ? [AuthorityFile] : [AuthorityFile, CertificateFile, KeyFile!];
}
