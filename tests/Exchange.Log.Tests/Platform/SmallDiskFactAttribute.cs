namespace Exchange.Log.Tests.Platform;

/// <summary>A test that needs a small file system of its own, and says so where it cannot have one.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallDiskFactAttribute : FactAttribute
{
    /// <summary>Skips where mounting is not allowed.</summary>
    public SmallDiskFactAttribute()
    {
        if (!SmallDisk.IsAvailable)
        {
            Skip = "skipped: mounting a tmpfs needs root";
        }
    }
}
