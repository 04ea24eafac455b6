using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Instruments;

/// <summary>
/// All instruments, by number and by symbol. Numbers are given out from 0 in log order and never reused. The way from a symbol to its
/// instrument is a small open-addressing table of references, at most half full; it grows only when an instrument is defined.
/// </summary>
public sealed class InstrumentTable
{
    /// <summary>Most instruments.</summary>
    public const int InstrumentsMax = 1 << 16;

    private Instrument?[] _byId = new Instrument?[16];
    private Instrument?[] _bySymbol = new Instrument?[32];

    /// <summary>Number of instruments.</summary>
    public int Count { get; private set; }

    /// <summary>The instrument with a number below <see cref="Count"/>.</summary>
    public Instrument this[int id] => _byId[id]!;

    /// <summary>
    /// Defines an instrument, or changes what may change about a known one; whatever would mean something else to resting orders and kept
    /// positions is refused (rule 1.1).
    /// </summary>
    /// <returns>The instrument's number, new or old; -1 when the definition is refused (see <see cref="WhyRefused"/>).</returns>
    public int Define(in DefineInstrumentCommand command)
    {
        if (WhyRefused(in command) is not null)
        {
            return -1;
        }

        if (TryFind(in command.Symbol, out Instrument? known))
        {
            known.Redefine(in command);
            return known.Id;
        }

        return Add(in command);
    }

    /// <summary>Why a definition is refused, in words for an operator; null when it is not.</summary>
    public string? WhyRefused(in DefineInstrumentCommand command)
    {
        if (InstrumentDefinition.Check(in command) is string fault)
        {
            return fault;
        }

        if (TryFind(in command.Symbol, out Instrument? known))
        {
            return InstrumentDefinition.ChangedForGood(in known.Definition, in command);
        }

        return Count < InstrumentsMax ? null : $"there are {InstrumentsMax} instruments already";
    }

    /// <summary>Finds an instrument by its symbol.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFind(in Text24 symbol, [NotNullWhen(true)] out Instrument? instrument)
    {
        int mask = _bySymbol.Length - 1;
        int at = unchecked((int)symbol.Hash()) & mask;
        while ((instrument = _bySymbol[at]) is not null)
        {
            if (instrument.Symbol.Equals(symbol))
            {
                return true;
            }

            at = (at + 1) & mask;
        }

        return false;
    }

    /// <summary>Writes all definitions in the order of their numbers.</summary>
    public void Save(SnapshotWriter writer)
    {
        writer.WriteInt64(Count);
        for (int id = 0; id < Count; id++)
        {
            writer.Write(_byId[id]!.Definition);
        }
    }

    /// <summary>Restores what <see cref="Save"/> wrote into an empty table.</summary>
    /// <exception cref="InvalidDataException">A definition is not one that this table accepts.</exception>
    public void Load(SnapshotReader reader)
    {
        int count = reader.ReadCount(InstrumentsMax, "number of instruments");
        for (int id = 0; id < count; id++)
        {
            DefineInstrumentCommand definition = reader.Read<DefineInstrumentCommand>();
            string? fault = TryFind(in definition.Symbol, out _) ? "its symbol is defined twice" : WhyRefused(in definition);
            if (fault is not null)
            {
                throw new InvalidDataException($"snapshot at byte {reader.Position}: instrument {id} is not valid: {fault}");
            }

            Add(in definition);
        }
    }

    private int Add(in DefineInstrumentCommand command)
    {
        Instrument instrument = new(Count, in command);
        if (Count == _byId.Length)
        {
            Array.Resize(ref _byId, Count * 2);
            _bySymbol = new Instrument?[_byId.Length * 2];
            for (int id = 0; id < Count; id++)
            {
                Insert(_byId[id]!);
            }
        }

        _byId[Count] = instrument;
        Insert(instrument);
        Count++;
        return instrument.Id;
    }

    private void Insert(Instrument instrument)
    {
        int mask = _bySymbol.Length - 1;
        int at = unchecked((int)instrument.Symbol.Hash()) & mask;
        while (_bySymbol[at] is not null)
        {
            at = (at + 1) & mask;
        }

        _bySymbol[at] = instrument;
    }
}
