// Reads from an ExecutionReport or OrderCancelReject only what the load generator needs, in one pass over the message.
using System.Runtime.CompilerServices;
using Exchange.Host.Client;

namespace Exchange.Host.Load;

/// <summary>The fields of a report that count here.</summary>
internal ref struct ReportScan
{
    /// <summary>MsgSeqNum (34); 0 when missing.</summary>
    public long SeqNum;

    /// <summary>CumQty (14), whole part.</summary>
    public long CumQty;

    /// <summary>LastQty (32), whole part.</summary>
    public long LastQty;

    /// <summary>First character of MsgType (35); NUL when it is longer than one.</summary>
    public byte MsgType;

    /// <summary>ExecType (150) as FIX 4.4 has it.</summary>
    public byte ExecType;

    /// <summary>OrdStatus (39).</summary>
    public byte OrdStatus;

    /// <summary>PossDupFlag (43) is Y.</summary>
    public bool IsPossDup;

    /// <summary>ClOrdID (11).</summary>
    public ReadOnlySpan<byte> ClOrdId;

    private bool _isStatus;

    /// <summary>Scans a whole message.</summary>
    public static ReportScan Read(ReadOnlySpan<byte> frame)
    {
        ReportScan scan = default;
        int at = 0;
        while (at < frame.Length)
        {
            int tag = 0;
            byte character;
            while (at < frame.Length && (character = frame[at++]) != '=')
            {
                tag = (tag * 10) + character - '0';
            }

            ReadOnlySpan<byte> rest = frame[at..];
            int length = rest.IndexOf(FixFrames.Soh);
            if (length < 0)
            {
                break;
            }

            scan.Take(tag, rest[..length]);
            at += length + 1;
        }

        // Before FIX 4.4 fills were 1 and 2, and a status was told by 20=3.
        scan.ExecType = scan._isStatus ? (byte)'I' : scan.ExecType is (byte)'1' or (byte)'2' ? (byte)'F' : scan.ExecType;
        return scan;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Take(int tag, ReadOnlySpan<byte> value)
    {
        switch (tag)
        {
            case 11:
                ClOrdId = value;
                break;
            case 14:
                CumQty = Number(value);
                break;
            case 20:
                _isStatus = One(value) == '3';
                break;
            case 32:
                LastQty = Number(value);
                break;
            case 34:
                SeqNum = Number(value);
                break;
            case 35:
                MsgType = One(value);
                break;
            case 39:
                OrdStatus = One(value);
                break;
            case 43:
                IsPossDup = One(value) == 'Y';
                break;
            case 150:
                ExecType = One(value);
                break;
        }
    }

    /// <summary>The digits up to a decimal point.</summary>
    internal static long Number(ReadOnlySpan<byte> value)
    {
        long number = 0;
        foreach (byte character in value)
        {
            uint digit = (uint)(character - '0');
            if (digit > 9)
            {
                break;
            }

            number = (number * 10) + digit;
        }

        return number;
    }

    private static byte One(ReadOnlySpan<byte> value) => value.Length == 1 ? value[0] : (byte)0;
}
