using Exchange.Protocol.Commands;

namespace Exchange.Gateway.Translation;

/// <summary>
/// Instruments by id: their definitions, and the finished field Symbol (55) of each. Written when reference data arrives, read by encoders of
/// the same thread.
/// </summary>
public sealed class InstrumentNames
{
    private static readonly byte[] NotAvailable = "55=[N/A]\u0001"u8.ToArray();

    private byte[][] _fields = [];
    private DefineInstrumentCommand[] _definitions = [];

    /// <summary>Number of ids known, with any that were left out below the highest.</summary>
    public int Count { get; private set; }

    /// <summary>Sets the definition of an instrument.</summary>
    public void Set(int instrumentId, in DefineInstrumentCommand definition)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(instrumentId);
        if (instrumentId >= _fields.Length)
        {
            int length = _fields.Length;
            Array.Resize(ref _fields, Math.Max(16, (instrumentId + 1) * 2));
            Array.Resize(ref _definitions, _fields.Length);
            _fields.AsSpan(length).Fill(NotAvailable);
        }

        _fields[instrumentId] = [.. "55="u8, .. definition.Symbol.AsSpan(), 1];
        _definitions[instrumentId] = definition;
        Count = Math.Max(Count, instrumentId + 1);
    }

    /// <summary>The symbol of an instrument; empty when it is not known.</summary>
    public ReadOnlySpan<byte> Symbol(int instrumentId)
    {
        ReadOnlySpan<byte> field = Field(instrumentId);
        return ReferenceEquals(FieldOrDefault(instrumentId), NotAvailable) ? default : field[3..^1];
    }

    /// <summary>The definition of an instrument; false when it is not known.</summary>
    public bool TryGet(int instrumentId, out DefineInstrumentCommand definition)
    {
        bool isKnown = !ReferenceEquals(FieldOrDefault(instrumentId), NotAvailable);
        definition = isKnown ? _definitions[instrumentId] : default;
        return isKnown;
    }

    /// <summary>The whole field with its SOH; [N/A], FIX's word for no symbol, when the instrument is not known.</summary>
    internal ReadOnlySpan<byte> Field(int instrumentId) => FieldOrDefault(instrumentId);

    private byte[] FieldOrDefault(int instrumentId) => (uint)instrumentId < (uint)_fields.Length ? _fields[instrumentId] : NotAvailable;
}
