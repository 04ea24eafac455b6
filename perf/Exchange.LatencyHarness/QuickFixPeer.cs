// QuickFIX C++ as the other side of the codec's comparison: a small program of ours, compiled when asked for against the package of the
// distribution, runs as a process that works only when it is told to.
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Exchange.Host;

namespace Exchange.LatencyHarness;

/// <summary>The compiled peer, reading one version's messages.</summary>
internal sealed class QuickFixPeer : IDisposable
{
    private const string Source = "quickfix-codec.cpp";
    private readonly Process _process;

    private QuickFixPeer(Process process) => _process = process;

    /// <summary>Compiles the peer, or says in one line what is missing.</summary>
    /// <param name="directory">Where the program is put.</param>
    /// <returns>Path of the program.</returns>
    public static string Build(string directory)
    {
        string program = Path.Combine(directory, "quickfix-codec");

        // C++ 14, because QuickFIX 1.15 declares its exceptions in a way that C++ 17 refuses; optimised as the package itself is.
        ProcessStartInfo start = new(
            "g++", ["-std=c++14", "-O2", "-Wno-deprecated", "-o", program, Path.Combine(AppContext.BaseDirectory, Source), "-lquickfix", "-lpthread"])
        {
            RedirectStandardError = true,
        };
        try
        {
            using Process compiler = Process.Start(start) ?? throw new HostException("g++ does not start");
            string error = compiler.StandardError.ReadToEnd();
            compiler.WaitForExit();
            return compiler.ExitCode == 0 ? program : throw new HostException(Remedy(error));
        }
        catch (Win32Exception)
        {
            throw new HostException("--peer quickfix needs a C++ compiler: apt-get install g++ libquickfix-dev");
        }
    }

    /// <summary>Starts the peer; it has read the messages and the dictionaries when this returns.</summary>
    public static QuickFixPeer Start(string program, string dictionaries, string version, string messages)
    {
        ProcessStartInfo start = new(program, [dictionaries, version, messages]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        QuickFixPeer peer = new(Process.Start(start) ?? throw new HostException("the peer does not start"));
        return peer.Line().StartsWith("ready", StringComparison.Ordinal) ? peer : throw new HostException("the peer did not become ready");
    }

    /// <summary>Lets the peer work.</summary>
    /// <param name="kind">parse or whole.</param>
    /// <param name="passes">How often it reads each message.</param>
    /// <returns>Its nanoseconds, and the sum of what it read.</returns>
    public (double Ns, long Sum) Run(string kind, int passes)
    {
        _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind} {passes}"));
        _process.StandardInput.Flush();
        string[] words = Line().Split(' ');
        return (double.Parse(words[0], CultureInfo.InvariantCulture), long.Parse(words[1], CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static string Remedy(string error) =>
        error.Contains("quickfix", StringComparison.Ordinal) && (error.Contains("No such file", StringComparison.Ordinal) || error.Contains("cannot find", StringComparison.Ordinal))
            ? "--peer quickfix needs QuickFIX C++: apt-get install libquickfix-dev"
            : $"the peer does not compile: {error.Split('\n').FirstOrDefault(static line => line.Contains("error", StringComparison.Ordinal)) ?? error.Trim()}";

    /// <summary>A peer that ends instead of answering has said why on standard error, which is ours too.</summary>
    private string Line() => _process.StandardOutput.ReadLine() ?? throw new HostException("the peer ended early");
}
