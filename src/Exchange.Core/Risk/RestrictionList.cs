using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Risk;

/// <summary>The instruments that a firm or an account may not trade: their numbers, ascending.</summary>
internal sealed class RestrictionList
{
    private int[] _instruments = [];

    /// <summary>Number of instruments.</summary>
    public int Count { get; private set; }

    /// <summary>The instrument with that place.</summary>
    public int this[int index] => _instruments[index];

    /// <summary>Whether an instrument is forbidden.</summary>
    public bool Contains(int instrumentId) => Count != 0 && Array.BinarySearch(_instruments, 0, Count, instrumentId) >= 0;

    /// <summary>Forbids an instrument, or allows it again.</summary>
    public void Set(int instrumentId, bool isRestricted)
    {
        int at = Array.BinarySearch(_instruments, 0, Count, instrumentId);
        if (at >= 0 == isRestricted)
        {
            return;
        }

        if (!isRestricted)
        {
            Count--;
            Array.Copy(_instruments, at + 1, _instruments, at, Count - at);
            return;
        }

        if (Count == _instruments.Length)
        {
            Array.Resize(ref _instruments, Math.Max(4, Count * 2));
        }

        Array.Copy(_instruments, ~at, _instruments, ~at + 1, Count - ~at);
        _instruments[~at] = instrumentId;
        Count++;
    }

    /// <summary>Writes the list.</summary>
    public void Save(SnapshotWriter writer)
    {
        writer.WriteInt64(Count);
        for (int i = 0; i < Count; i++)
        {
            writer.WriteInt64(_instruments[i]);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote into an empty list.</summary>
    /// <exception cref="InvalidDataException">An instrument does not exist or stands out of order.</exception>
    public void Load(SnapshotReader reader, int instrumentCount)
    {
        int count = reader.ReadCount(instrumentCount, "number of restricted instruments");
        for (int i = 0; i < count; i++)
        {
            int id = reader.ReadCount(instrumentCount - 1, "restricted instrument");
            if (Count != 0 && id <= _instruments[Count - 1])
            {
                throw new InvalidDataException($"snapshot at byte {reader.Position}: restricted instruments are not in order");
            }

            Set(id, isRestricted: true);
        }
    }
}
