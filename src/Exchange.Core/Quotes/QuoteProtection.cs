using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Quotes;

// A market maker quotes hundreds of instruments at once, and one who is wrong is hit in all of them before he can say a word. So he, or his
// operator, states what may be executed of his quotes within a window of time; what reaches it takes all of them out (rule 9.3).
//
// The window slides in sixteenths: a fill counts until the sixteenth in which it happened has left the window, so a fill counts for at
// least 15/16 of the window and at most all of it. What must hold: the sums are those of the parts, and no part is older than the window.

/// <summary>Market-maker protection of a firm in a market group: its limits, what was executed lately, and whether it has tripped.</summary>
internal sealed class QuoteProtection(int firmId, Text16 group)
{
    /// <summary>Parts of a window.</summary>
    public const int PartCount = 16;

    private readonly long[] _quantities = new long[PartCount];
    private readonly long[] _notionals = new long[PartCount];
    private readonly long[] _fills = new long[PartCount];
    private long _lastPart;

    /// <summary>The firm.</summary>
    public int FirmId { get; } = firmId;

    /// <summary>The market group.</summary>
    public readonly Text16 Group = group;

    /// <summary>Length of the window.</summary>
    public long WindowNs { get; private set; }

    /// <summary>Executed quantity, in 10^-8, that trips it; 0 for none.</summary>
    public long QuantityMaxE8 { get; private set; }

    /// <summary>Executed notional, in 10^-8, that trips it; 0 for none.</summary>
    public long NotionalMaxE8 { get; private set; }

    /// <summary>Fills that trip it; 0 for none.</summary>
    public int FillsMax { get; private set; }

    /// <summary>Whether further quotes are refused.</summary>
    public bool IsTripped { get; private set; }

    /// <summary>Highest OrderID of the sides that it has withdrawn; what is left of them goes step by step, and trades no more.</summary>
    public long WithdrawnThrough { get; private set; }

    /// <summary>Whether a task takes the firm's quotes out.</summary>
    public bool HasTask { get; set; }

    /// <summary>Times it has tripped.</summary>
    public long TripCount { get; private set; }

    /// <summary>Whether any limit is set.</summary>
    public bool IsActive => QuantityMaxE8 != 0 || NotionalMaxE8 != 0 || FillsMax != 0;

    /// <summary>What was executed in the window that ends at a log time. To look changes nothing: members are asked apart from each other.</summary>
    public (long QuantityE8, long NotionalE8, long Fills) Executed(long logTimeNs)
    {
        (long quantityE8, long notionalE8, long fills) = (0, 0, 0);
        long part = PartAt(logTimeNs);
        for (long i = Math.Max(0, part - PartCount + 1); i <= Math.Min(part, _lastPart); i++)
        {
            int at = (int)(i % PartCount);
            quantityE8 = Add(quantityE8, _quantities[at]);
            notionalE8 = Add(notionalE8, _notionals[at]);
            fills += _fills[at];
        }

        return (quantityE8, notionalE8, fills);
    }

    /// <summary>Takes other limits; what was executed and whether it has tripped stay.</summary>
    public void Set(in SetProtectionCommand command)
    {
        if (command.WindowNs != WindowNs)
        {
            Clear();
        }

        WindowNs = command.WindowNs;
        QuantityMaxE8 = command.QuantityMaxE8;
        NotionalMaxE8 = command.NotionalMaxE8;
        FillsMax = command.FillsMax;
    }

    /// <summary>Counts a fill of a quote.</summary>
    /// <returns>True when it reaches a limit that was not reached before.</returns>
    public bool Count(long quantityE8, long notionalE8, long logTimeNs)
    {
        if (!IsActive || IsTripped)
        {
            return false;
        }

        Slide(logTimeNs);
        int part = (int)(_lastPart % PartCount);
        _quantities[part] = Add(_quantities[part], quantityE8);
        _notionals[part] = Add(_notionals[part], notionalE8);
        _fills[part]++;
        return (QuantityMaxE8 != 0 && Sum(_quantities) >= QuantityMaxE8)
            || (NotionalMaxE8 != 0 && Sum(_notionals) >= NotionalMaxE8)
            || (FillsMax != 0 && Sum(_fills) >= FillsMax);
    }

    /// <summary>Withdraws all sides up to an OrderID and refuses further ones.</summary>
    public void Trip(long orderId)
    {
        IsTripped = true;
        TripCount++;
        WithdrawnThrough = orderId;
    }

    /// <summary>Accepts quotes again, with an empty window; what was withdrawn stays so.</summary>
    public void Reset()
    {
        IsTripped = false;
        Clear();
    }

    /// <summary>Writes all but firm and group.</summary>
    public void Save(SnapshotWriter writer)
    {
        writer.WriteInt64(WindowNs);
        writer.WriteInt64(QuantityMaxE8);
        writer.WriteInt64(NotionalMaxE8);
        writer.WriteInt64(FillsMax);
        writer.WriteInt64(IsTripped ? 1 : 0);
        writer.WriteInt64(HasTask ? 1 : 0);
        writer.WriteInt64(WithdrawnThrough);
        writer.WriteInt64(TripCount);
        writer.WriteInt64(_lastPart);
        for (int i = 0; i < PartCount; i++)
        {
            writer.WriteInt64(_quantities[i]);
            writer.WriteInt64(_notionals[i]);
            writer.WriteInt64(_fills[i]);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Load(SnapshotReader reader)
    {
        WindowNs = reader.ReadInt64();
        QuantityMaxE8 = reader.ReadInt64();
        NotionalMaxE8 = reader.ReadInt64();
        FillsMax = reader.ReadCount(int.MaxValue, "fills of a protection");
        IsTripped = reader.ReadCount(1, "state of a protection") != 0;
        HasTask = reader.ReadCount(1, "task of a protection") != 0;
        WithdrawnThrough = reader.ReadInt64();
        TripCount = reader.ReadInt64();
        _lastPart = reader.ReadInt64();
        for (int i = 0; i < PartCount; i++)
        {
            _quantities[i] = reader.ReadInt64();
            _notionals[i] = reader.ReadInt64();
            _fills[i] = reader.ReadInt64();
        }

        if (WindowNs < 0 || (IsActive && WindowNs < PartCount) || _lastPart < 0)
        {
            throw new InvalidDataException($"snapshot at byte {reader.Position}: a protection has a window of {WindowNs} ns");
        }
    }

    private static long Add(long sum, long value) => sum > long.MaxValue - value ? long.MaxValue : sum + value;

    private static long Sum(long[] parts)
    {
        long sum = 0;
        foreach (long part in parts)
        {
            sum = Add(sum, part);
        }

        return sum;
    }

    private void Clear()
    {
        Array.Clear(_quantities);
        Array.Clear(_notionals);
        Array.Clear(_fills);
    }

    private long PartAt(long logTimeNs) => WindowNs < PartCount ? 0 : logTimeNs / (WindowNs / PartCount);

    // Empties the parts that have left the window.
    private void Slide(long logTimeNs)
    {
        long part = PartAt(logTimeNs);
        long empty = Math.Min(part - _lastPart, PartCount);
        for (long i = 0; i < empty; i++)
        {
            int at = (int)((part - i) % PartCount);
            _quantities[at] = 0;
            _notionals[at] = 0;
            _fills[at] = 0;
        }

        _lastPart = part;
    }
}
