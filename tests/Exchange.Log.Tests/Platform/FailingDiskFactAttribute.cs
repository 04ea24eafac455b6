namespace Exchange.Log.Tests.Platform;

/// <summary>A test that needs a disk that fails, and says so where it cannot have one.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FailingDiskFactAttribute : FactAttribute
{
    /// <summary>Skips where loop devices cannot be mounted.</summary>
    public FailingDiskFactAttribute()
    {
        if (!FailingDisk.IsAvailable)
        {
            Skip = "skipped: mounting a loop device needs root and mkfs.ext4";
        }
    }
}
