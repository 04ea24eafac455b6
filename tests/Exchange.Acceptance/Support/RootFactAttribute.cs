namespace Exchange.Acceptance.Support;

/// <summary>A test that mounts a small file system, which only root may.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    /// <summary>Decides when the test is found.</summary>
    public RootFactAttribute()
    {
        if (!Posix.IsRoot)
        {
            Skip = "skipped: mounting a small file system needs root";
        }
        else if (SmallFileSystem.Refusal.Length > 0)
        {
            Skip = $"skipped: this machine refuses to mount a small file system: {SmallFileSystem.Refusal}";
        }
    }
}
