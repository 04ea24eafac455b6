namespace Exchange.Host.Client;

/// <summary>What a session must remember to continue its numbers: both next numbers and the messages it sent.</summary>
internal interface IFixClientStore : IDisposable
{
    /// <summary>MsgSeqNum expected next from the exchange.</summary>
    long NextIn { get; set; }

    /// <summary>MsgSeqNum of the next message that we send.</summary>
    long NextOut { get; }

    /// <summary>A reset (141=Y) was sent but not answered yet: the next Logon must ask for it again.</summary>
    bool ResetPending { get; set; }

    /// <summary>
    /// Takes the number <see cref="NextOut"/>, before its message is sent.
    /// </summary>
    /// <param name="frame">The message to keep for resends; empty for admin messages, which are gap-filled.</param>
    void Append(ReadOnlySpan<byte> frame);

    /// <summary>The message sent with this number, when it was kept.</summary>
    bool TryRead(long seqNum, out ReadOnlyMemory<byte> frame);

    /// <summary>Sets both numbers and forgets what was sent.</summary>
    void Restart(long nextIn, long nextOut);
}
