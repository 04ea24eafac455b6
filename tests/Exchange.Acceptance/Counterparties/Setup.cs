using Exchange.Acceptance.Support;

namespace Exchange.Acceptance.Counterparties;

/// <summary>Builds what the foreign engines need, once a test run, or says in one line why it cannot be had.</summary>
internal static class Setup
{
    private static readonly Lazy<string?> QuickFixAbsence = new(FindQuickFixAbsence);
    private static readonly Lazy<string?> JsPureFixAbsence = new(FindJsPureFixAbsence);
    private static readonly Lazy<string> QuickFixProgram = new(BuildQuickFix);

    /// <summary>The data dictionaries that clients get from us.</summary>
    private static string Dictionaries => Path.Combine(Repository.Root, "fix-spec", "quickfix");

    private static bool HasOpenSslHeaders => File.Exists("/usr/include/openssl/ssl.h");

    /// <summary>Why there is no QuickFIX, or null.</summary>
    public static string? NoQuickFix => QuickFixAbsence.Value;

    /// <summary>Why there is no QuickFIX that speaks TLS, or null.</summary>
    public static string? NoQuickFixOverTls => NoQuickFix ?? (HasOpenSslHeaders ? null : "skipped: no headers of OpenSSL for QuickFIX's SSLSocketInitiator (apt-get install libssl-dev)");

    /// <summary>Why there is no jspurefix, or null.</summary>
    public static string? NoJsPureFix => JsPureFixAbsence.Value;

    /// <summary>Command of the QuickFIX client; compiled at first use, since a client that does not compile is a failure, not an absence.</summary>
    public static IEnumerable<string> QuickFix(
        string compId, IEnumerable<int> ports, string store, int heartBtIntSec, bool resets = false, string version = "4.4", ClientTls? tls = null)
    {
        Directory.CreateDirectory(store);
        string[] command = [QuickFixProgram.Value, "127.0.0.1", string.Join(',', ports), compId, "EXCH", store, $"{heartBtIntSec}", resets ? "Y" : "N", version, Dictionaries];
        return tls is null ? command : ["env", $"OPENSSL_CONF={OnlyProtocol(tls.Protocol, store)}", .. command, .. tls.Files];
    }

    /// <summary>Command of the jspurefix client, over TCP in FIX 4.4 with its own dictionary instead of ours.</summary>
    public static IEnumerable<string> JsPureFix(string compId, int port, string store, int heartBtIntSec, string version, ClientTls? tls)
    {
        Directory.CreateDirectory(store);
        string dictionaries = version == "4.4" && tls is null ? "-" : Dictionaries;
        string[] command = ["node", Path.Combine(Repository.Interop("jspurefix"), "initiator.js"), "127.0.0.1", $"{port}", compId, "EXCH", store, $"{heartBtIntSec}", version, dictionaries];
        return tls is null ? command : [.. command, tls.Protocol, .. tls.Files];
    }

    /// <summary>A configuration of OpenSSL that knows one version of TLS; QuickFIX 1.15 has no setting for 1.3.</summary>
    private static string OnlyProtocol(string protocol, string folder)
    {
        string file = Path.Combine(folder, "openssl.cnf");
        File.WriteAllText(file, $"openssl_conf = init\n[init]\nssl_conf = ssl\n[ssl]\nsystem_default = tls\n[tls]\nMinProtocol = {protocol}\nMaxProtocol = {protocol}\n");
        return file;
    }

    private static string? FindQuickFixAbsence()
    {
        if (!Runs("g++", "--version"))
        {
            return "skipped: no C++ compiler (apt-get install g++)";
        }

        return File.Exists("/usr/include/quickfix/Session.h") ? null : "skipped: no QuickFIX C++ (apt-get install libquickfix-dev)";
    }

    private static string? FindJsPureFixAbsence()
    {
        if (!Runs("node", "--version") || !Runs("npm", "--version"))
        {
            return "skipped: no node or npm (apt-get install nodejs npm)";
        }

        string folder = Repository.Interop("jspurefix");
        if (File.Exists(Path.Combine(folder, "node_modules", "jspurefix", "package.json")))
        {
            return null;
        }

        CommandResult result = CommandResult.Run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"], TimeSpan.FromMinutes(3), folder);
        return result.ExitCode == 0 ? null : $"skipped: npm could not install jspurefix ({result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault()})";
    }

    private static string BuildQuickFix()
    {
        string source = Path.Combine(Repository.Interop("quickfix"), "initiator.cpp");
        string program = Path.Combine(AppContext.BaseDirectory, "quickfix-initiator");

        // C++ 14, because QuickFIX 1.15 declares its exceptions in a way that C++ 17 refuses.
        CommandResult result = CommandResult.Run("g++", ["-std=c++14", "-O1", "-Wall", "-Wno-deprecated", HasOpenSslHeaders ? "-DHAVE_SSL=1" : "-DHAVE_SSL=0", "-o", program, source, "-lquickfix", "-lpthread"], TimeSpan.FromMinutes(3));
        Assert.True(result.ExitCode == 0, $"the QuickFIX client does not compile:\n{result.Error}");
        return program;
    }

    private static bool Runs(string program, string argument)
    {
        try
        {
            return CommandResult.Run(program, [argument], TimeSpan.FromSeconds(30)).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
