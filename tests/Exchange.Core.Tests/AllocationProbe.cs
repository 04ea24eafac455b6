namespace Exchange.Core.Tests;

/// <summary>
/// Counts what a piece of code allocates on its thread. A collection, which any other test may cause, takes the rest of every thread's
/// allocation context away, up to 8 KiB, and the runtime may count that as allocated; so a figure other than zero counts only if nothing was
/// collected meanwhile, and the code is run again otherwise.
/// </summary>
internal static class AllocationProbe
{
    private const int RoundsMax = 20;

    public static long Measure(Action run)
    {
        long allocated = 0;
        for (int round = 0; round < RoundsMax; round++)
        {
            int collections = GC.CollectionCount(0);
            long before = GC.GetAllocatedBytesForCurrentThread();
            run();
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated == 0 || GC.CollectionCount(0) == collections)
            {
                break;
            }
        }

        return allocated;
    }
}
