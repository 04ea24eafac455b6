using Exchange.Core.Risk;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Quotes;

/// <summary>The market-maker protections of all firms.</summary>
internal sealed class ProtectionTable
{
    private readonly List<QuoteProtection> _all = [];
    private QuoteProtection[][] _byFirm = [];

    /// <summary>Number of protections that were ever set.</summary>
    public int Count => _all.Count;

    /// <summary>A protection, in the order in which they were set first.</summary>
    public QuoteProtection this[int number] => _all[number];

    /// <summary>The number of a protection.</summary>
    public int NumberOf(QuoteProtection protection) => _all.IndexOf(protection);

    /// <summary>The protection of a firm in a market group; null when none was ever set.</summary>
    public QuoteProtection? Find(int firmId, in Text16 group)
    {
        if (firmId >= _byFirm.Length)
        {
            return null;
        }

        foreach (QuoteProtection protection in _byFirm[firmId])
        {
            if (protection.Group == group)
            {
                return protection;
            }
        }

        return null;
    }

    /// <summary>The protection of a firm in a market group, made when there is none.</summary>
    public QuoteProtection Of(int firmId, in Text16 group)
    {
        if (Find(firmId, in group) is { } found)
        {
            return found;
        }

        QuoteProtection protection = new(firmId, group);
        if (firmId >= _byFirm.Length)
        {
            int length = _byFirm.Length;
            Array.Resize(ref _byFirm, firmId + 1);
            Array.Fill(_byFirm, [], length, _byFirm.Length - length);
        }

        _byFirm[firmId] = [.. _byFirm[firmId], protection];
        _all.Add(protection);
        return protection;
    }

    /// <summary>Resets all protections of a firm.</summary>
    public void ResetAll(int firmId)
    {
        if (firmId < _byFirm.Length)
        {
            foreach (QuoteProtection protection in _byFirm[firmId])
            {
                protection.Reset();
            }
        }
    }

    /// <summary>Writes all protections in the order in which they were set first.</summary>
    public void Save(SnapshotWriter writer)
    {
        writer.WriteInt64(_all.Count);
        foreach (QuoteProtection protection in _all)
        {
            writer.WriteInt64(protection.FirmId);
            writer.Write(in protection.Group);
            protection.Save(writer);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Load(SnapshotReader reader)
    {
        int count = reader.ReadCount(int.MaxValue, "number of protections");
        for (int i = 0; i < count; i++)
        {
            int firmId = reader.ReadCount(RiskRegister.FirmsMax - 1, "firm of a protection");
            Text16 group = reader.Read<Text16>();
            Of(firmId, in group).Load(reader);
        }
    }
}
