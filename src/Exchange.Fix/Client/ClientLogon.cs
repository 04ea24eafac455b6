namespace Exchange.Fix.Client;

/// <summary>What a client says in Logon.</summary>
public ref struct ClientLogon
{
    /// <summary>HeartBtInt (108) in seconds.</summary>
    public int HeartBtIntSec { get; set; }

    /// <summary>Username (553); empty is not sent.</summary>
    public ReadOnlySpan<byte> Username { get; set; }

    /// <summary>Password (554); empty is not sent.</summary>
    public ReadOnlySpan<byte> Password { get; set; }

    /// <summary>ResetSeqNumFlag (141) = Y.</summary>
    public bool ResetSeqNum { get; set; }

    /// <summary>NextExpectedMsgSeqNum (789); 0 is not sent, nor in a version without it.</summary>
    public long NextExpectedMsgSeqNum { get; set; }
}
