// Runs `exchange local` as a child for one measurement: an empty state of its own, a free port, stopped and removed afterwards.
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using Exchange.Host;
using Exchange.Host.Client;
using Exchange.Host.Configuration;
using Exchange.Host.Operations;

namespace Exchange.LatencyHarness;

/// <summary>A running exchange.</summary>
internal sealed partial class ExchangeProcess : IDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly string _directory;

    private ExchangeProcess(Process process, string directory)
    {
        _process = process;
        _directory = directory;
        Parts = ReadParts(directory);
        Address = Parts.FirstOrDefault(static p => p.Address is not null)?.Address ?? throw new HostException("processes.json names no FIX address");
    }

    /// <summary>Where the first gateway listens.</summary>
    public EndPoint Address { get; }

    /// <summary>Its processes.</summary>
    public IReadOnlyList<ExchangePart> Parts { get; }

    /// <summary>An operator of it; only of a cluster.</summary>
    public ClusterOperator Operator() => OperatorAccess.ForDirectory(_directory, ClusterFile.Load(_directory)!);

    /// <summary>Starts an exchange in an empty directory below the given one.</summary>
    /// <param name="parent">On the file system that is to be measured.</param>
    /// <param name="arguments">Further arguments of `exchange local`.</param>
    public static ExchangeProcess Start(string parent, IReadOnlyList<string> arguments)
    {
        string directory = Path.Combine(parent, $"harness-{Environment.ProcessId}-{Environment.TickCount64}");
        Directory.CreateDirectory(directory);
        string library = Path.Combine(AppContext.BaseDirectory, "exchange.dll");
        ProcessStartInfo start = new("dotnet", [library, "local", "--dir", directory, "--fix-port", "0", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start) ?? throw new HostException("cannot start the exchange");
        using ManualResetEventSlim ready = new();
        List<string> errors = [];
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is "ready")
            {
                ready.Set();
            }
        };
        process.ErrorDataReceived += (_, line) =>
        {
            lock (errors)
            {
                errors.Add(line.Data ?? string.Empty);
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        for (long end = Environment.TickCount64 + (long)s_startLimit.TotalMilliseconds; !ready.Wait(50);)
        {
            if (process.HasExited || Environment.TickCount64 > end)
            {
                process.Kill(entireProcessTree: true);
                lock (errors)
                {
                    throw new HostException($"the exchange did not become ready: {string.Join(' ', errors)}");
                }
            }
        }

        return new ExchangeProcess(process, directory);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = Kill(_process.Id, SigTerm);
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Sends a signal to all processes of one member: the member and its gateway.</summary>
    public void Signal(int memberId, int signal)
    {
        string suffix = string.Create(CultureInfo.InvariantCulture, $"-{memberId}");
        foreach (ExchangePart part in Parts.Where(p => p.Name.EndsWith(suffix, StringComparison.Ordinal)))
        {
            _ = Kill(part.ProcessId, signal);
        }
    }

    private static ExchangePart[] ReadParts(string directory)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(directory, "processes.json")));
        return
        [
            .. json.RootElement.EnumerateArray().Select(static entry => new ExchangePart(
                entry.GetProperty("name").GetString()!,
                entry.GetProperty("pid").GetInt32(),
                entry.GetProperty("fix_address").GetString() is { Length: > 0 } address ? HostAddress.Parse(address) : null)),
        ];
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
