using System.Runtime.CompilerServices;
using Exchange.Core.Instruments;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Markets;

/// <summary>The markets of all instruments, under the numbers of their instruments, and the number of the trading day.</summary>
internal sealed class MarketTable
{
    private Market[] _markets = new Market[16];

    /// <summary>Creates a table of no markets.</summary>
    public MarketTable(InstrumentTable instruments) => Instruments = instruments;

    /// <summary>The instruments.</summary>
    public InstrumentTable Instruments { get; }

    /// <summary>Number of markets: that of the instruments.</summary>
    public int Count { get; private set; }

    /// <summary>Counts trading days, from 1; it has no meaning but that another number is another day.</summary>
    public long TradingDay { get; private set; } = 1;

    /// <summary>The market of an instrument.</summary>
    public Market this[int instrumentId]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _markets[instrumentId];
    }

    /// <summary>Defines an instrument, and opens its market when it is a new one.</summary>
    /// <returns>The instrument's number; -1 when the definition is refused.</returns>
    public int Define(in DefineInstrumentCommand command)
    {
        int id = Instruments.Define(in command);
        Open();
        return id;
    }

    /// <summary>A trading day is over.</summary>
    public void StartDay() => TradingDay++;

    /// <summary>Writes instruments and markets, without the books.</summary>
    public void Save(SnapshotWriter writer)
    {
        Instruments.Save(writer);
        writer.WriteInt64(TradingDay);
        for (int id = 0; id < Count; id++)
        {
            _markets[id].Save(writer);
        }
    }

    /// <summary>Restores what <see cref="Save"/> wrote into an empty table.</summary>
    /// <exception cref="InvalidDataException">The snapshot contradicts itself.</exception>
    public void Load(SnapshotReader reader)
    {
        Instruments.Load(reader);
        TradingDay = reader.ReadInt64();
        Open();
        for (int id = 0; id < Count; id++)
        {
            _markets[id].Load(reader);
        }
    }

    private void Open()
    {
        while (Count < Instruments.Count)
        {
            if (Count == _markets.Length)
            {
                Array.Resize(ref _markets, Count * 2);
            }

            _markets[Count] = new Market(this, Instruments[Count]);
            Count++;
        }
    }
}
