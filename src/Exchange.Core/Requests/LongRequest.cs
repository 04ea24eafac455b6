using System.Runtime.InteropServices;
using Exchange.Protocol;
using Exchange.Protocol.Text;

namespace Exchange.Core.Requests;

/// <summary>A request that is being answered over several commands: what was asked for, and how far it has come. It is written to snapshots as it is.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
internal struct LongRequest
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 128;

    /// <summary>The client's id of the request.</summary>
    public Text40 RequestId;

    /// <summary>Symbol (55) as it was sent; empty when absent.</summary>
    public Text24 Symbol;

    /// <summary>Market group; empty for all.</summary>
    public Text16 GroupName;

    /// <summary>Account; empty for all.</summary>
    public Text16 Account;

    /// <summary>About orders: none with a higher number is touched, since it was entered later. About instruments: SecurityResponseID (322).</summary>
    public long Number;

    /// <summary>In a snapshot the number of the order that comes next; 0 when there is none or the request has not begun. Otherwise 0.</summary>
    public long NextOrderId;

    /// <summary>Orders or instruments that the answer consists of, as far as they are counted.</summary>
    public int Total;

    /// <summary>How many of them are done; for instruments also the one that comes next.</summary>
    public int Done;

    /// <summary>The only instrument; -1 for all.</summary>
    public int InstrumentId;

    /// <summary>What it is.</summary>
    public LongRequestKind Kind;

    /// <summary>How far it has come.</summary>
    public LongRequestPhase Phase;

    /// <summary>The scope as it was sent; of a mass action the number, not the character.</summary>
    public MassScope Scope;

    /// <summary>The only side; None for both.</summary>
    public Side Side;

    /// <summary>Whether it goes through the session's open orders.</summary>
    public readonly bool IsAboutOrders => Kind is LongRequestKind.MassStatus or LongRequestKind.MassCancel or LongRequestKind.MassAction;
}
