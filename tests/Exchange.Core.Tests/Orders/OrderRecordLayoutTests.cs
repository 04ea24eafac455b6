using System.Runtime.CompilerServices;
using Exchange.Core.Matching;
using Exchange.Core.Orders;
using Exchange.Core.Requests;

namespace Exchange.Core.Tests.Orders;

/// <summary>Sizes that snapshots and cache lines depend on.</summary>
public sealed class OrderRecordLayoutTests
{
    [Fact]
    public void Records_have_the_size_they_declare()
    {
        Assert.Equal(OrderNode.SizeBytes, Unsafe.SizeOf<OrderNode>());
        Assert.Equal(PriceLevel.SizeBytes, Unsafe.SizeOf<PriceLevel>());
        Assert.Equal(PricePage.SizeBytes, Unsafe.SizeOf<PricePage>());
        Assert.Equal(OrderDetail.SizeBytes, Unsafe.SizeOf<OrderDetail>());
        Assert.Equal(OrderExtras.SizeBytes, Unsafe.SizeOf<OrderExtras>());
        Assert.Equal(OrderRecord.SizeBytes, Unsafe.SizeOf<OrderRecord>());
        Assert.Equal(ClosedOrder.SizeBytes, Unsafe.SizeOf<ClosedOrder>());
        Assert.Equal(ClOrdIdEntry.SizeBytes, Unsafe.SizeOf<ClOrdIdEntry>());
        Assert.Equal(LongRequest.SizeBytes, Unsafe.SizeOf<LongRequest>());
    }
}
