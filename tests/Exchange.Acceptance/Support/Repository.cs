using System.Reflection;

namespace Exchange.Acceptance.Support;

/// <summary>Places in the working copy that these tests were built in.</summary>
internal static class Repository
{
    /// <summary>The folder of Exchange.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The executable's assembly, of the same build configuration as these tests.</summary>
    public static string Executable { get; } = Path.Combine(Root, "src", "Exchange.Host", "bin", Configuration, "net10.0", "exchange.dll");

    /// <summary>The <c>dotnet</c> that runs these tests, or the one on the path.</summary>
    public static string DotNet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";

    /// <summary>A folder below interop/ of these tests' sources.</summary>
    public static string Interop(string name) => Path.Combine(Root, "tests", "Exchange.Acceptance", "interop", name);

    private static string Configuration =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Configuration").Value!;

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Exchange.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException($"No Exchange.sln above {AppContext.BaseDirectory}");
    }
}
