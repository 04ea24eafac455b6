using System.Runtime.InteropServices;
using Exchange.Protocol.Text;

namespace Exchange.Core.Quotes;

/// <summary>A withdrawal of many quotes that is under way. It is written to snapshots as it is.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
internal struct QuoteWithdrawal
{
    /// <summary>Size in bytes.</summary>
    public const int SizeBytes = 48;

    /// <summary>Sides up to this OrderID are withdrawn.</summary>
    public long OrderId;

    /// <summary>OrderID of the side looked at last; 0 at the start of a session.</summary>
    public long CursorOrderId;

    /// <summary>The session whose quotes are looked at; for a firm.</summary>
    public int CursorSession;

    /// <summary>The session, or the number of the firm's protection.</summary>
    public int SubjectId;

    /// <summary>The market group; empty for all of them.</summary>
    public Text16 Group;

    /// <summary>1 for those of a firm, 0 for those of a session.</summary>
    public int FirmFlag;

    /// <summary>Padding, zero.</summary>
    public int Padding0;

    /// <summary>Whether it is about a firm.</summary>
    public bool IsOfFirm
    {
        readonly get => FirmFlag != 0;
        set => FirmFlag = value ? 1 : 0;
    }
}
