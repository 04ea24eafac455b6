namespace Exchange.Acceptance.Support;

/// <summary>The state directory of a box that an operator prepares, closed to others as the runbook says.</summary>
internal static class BoxFolder
{
    /// <summary>Creates it as an operator would.</summary>
    public static void Create(string path) =>
        Assert.Equal(0, CommandResult.Run("install", ["-d", "-m", "700", path], TimeSpan.FromSeconds(10)).ExitCode);
}
