namespace Exchange.Gateway.Translation;

/// <summary>Who asks to log on, as slices of the frame. The password must not be kept or logged.</summary>
public ref struct LogonIdentity
{
    /// <summary>BeginString (8).</summary>
    public ReadOnlySpan<byte> BeginString { get; init; }

    /// <summary>SenderCompID (49): the client.</summary>
    public ReadOnlySpan<byte> SenderCompId { get; init; }

    /// <summary>TargetCompID (56): the exchange.</summary>
    public ReadOnlySpan<byte> TargetCompId { get; init; }

    /// <summary>Username (553); empty when absent.</summary>
    public ReadOnlySpan<byte> Username { get; init; }

    /// <summary>Password (554); empty when absent.</summary>
    public ReadOnlySpan<byte> Password { get; init; }

    /// <summary>NewPassword (925); empty when absent.</summary>
    public ReadOnlySpan<byte> NewPassword { get; init; }
}
