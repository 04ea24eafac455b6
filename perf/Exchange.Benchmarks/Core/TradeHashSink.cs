using System.Runtime.CompilerServices;
using Exchange.Core.Matching;

namespace Exchange.Benchmarks.Core;

/// <summary>Counts trades and hashes them in order, as every engine in the table of peers does: maker, taker, price, quantity.</summary>
internal struct TradeHashSink : ITradeSink
{
    /// <summary>Start value of the hash.</summary>
    public const ulong Seed = 1469598103934665603UL;

    /// <summary>Trades so far.</summary>
    public long Trades;

    /// <summary>Lots traded so far.</summary>
    public long Lots;

    /// <summary>The order-sensitive hash.</summary>
    public ulong Hash;

    /// <summary>A sink that has seen nothing.</summary>
    public static TradeHashSink Create() => new() { Hash = Seed };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long OnTrade(int makerSlot, ref readonly OrderNode maker, long takerOrderId, long priceTicks, long lots)
    {
        unchecked
        {
            Trades++;
            Lots += lots;
            ulong trade = ((ulong)maker.OrderId * 0x9E3779B97F4A7C15UL) + ((ulong)takerOrderId * 31) + ((ulong)priceTicks * 17) + (ulong)lots;
            Hash = (Hash ^ trade) * 1099511628211UL;
            return 0;
        }
    }
}
