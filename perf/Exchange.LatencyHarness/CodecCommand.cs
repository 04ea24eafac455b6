// Parse and validate in each version of FIX, beside QuickFIX C++ if asked for: the same messages, the same data dictionaries, the same
// seven fields, in turns within one run. Rounds alternate between versions and sides; the first is left out, as it warms up both.
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Exchange.Fix.Dictionary;
using Exchange.Host;

namespace Exchange.LatencyHarness;

/// <summary>The verb <c>codec</c>.</summary>
internal static class CodecCommand
{
    private const int MessageCount = 1000;
    private static readonly string[] s_figures = ["parse", "parse_validate", "whole", "peer_parse", "peer_whole"];
    private static readonly Option<int> s_rounds = new("--rounds") { Description = "measured rounds; one more before them is left out", DefaultValueFactory = _ => 7 };
    private static readonly Option<int> s_passes = new("--passes") { Description = "times that each of the thousand messages is read in a turn", DefaultValueFactory = _ => 1000 };
    private static readonly Option<int> s_peerPasses = new("--peer-passes") { Description = "the same of the peer", DefaultValueFactory = _ => 100 };
    private static readonly Option<string?> s_peer = new("--peer") { Description = "quickfix: QuickFIX C++ (packages g++ and libquickfix-dev) reads the same messages" };
    private static readonly Option<string> s_dictionaries = new("--dictionaries")
    {
        Description = "folder of the data dictionaries for the peer",
        DefaultValueFactory = _ => Path.Combine(AppContext.BaseDirectory, "quickfix"),
    };

    /// <summary>Creates the verb.</summary>
    public static Command Create()
    {
        Command command = new("codec", "Parse and validate a 178-byte NewOrderSingle in FIX 4.2, 4.4 and 5.0 SP2, beside QuickFIX C++.")
        {
            s_rounds, s_passes, s_peerPasses, s_peer, s_dictionaries, HarnessOptions.Output,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string? kind = parsed.GetValue(s_peer);
        if (kind is not (null or "quickfix"))
        {
            throw new HostException("--peer: the only peer is quickfix", ExitCode.BadInput);
        }

        string directory = Directory.CreateTempSubdirectory("codec-").FullName;
        try
        {
            string? program = kind is null ? null : QuickFixPeer.Build(directory);
            Baseline baseline = new(directory);
            FixDictionary[] versions = [.. FixDictionaries.All];
            byte[][][] messages = [.. versions.Select(static version => CodecMessages.Create(MessageCount, version))];
            OurCodec[] codecs = [.. versions.Select((version, i) => new OurCodec(version, messages[i]))];
            QuickFixPeer?[] peers = [.. versions.Select((version, i) => program is null ? null : Peer(parsed, program, directory, version, messages[i]))];
            Measure(parsed, baseline, versions, codecs, peers);
            foreach (QuickFixPeer? peer in peers)
            {
                peer?.Dispose();
            }

            baseline.Save(parsed.GetValue(HarnessOptions.Output), "codec");
            return ExitCode.Success;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static QuickFixPeer Peer(ParseResult parsed, string program, string directory, FixDictionary version, byte[][] messages)
    {
        string file = Path.Combine(directory, version.Version + ".txt");
        using (FileStream stream = File.Create(file))
        {
            foreach (byte[] message in messages)
            {
                stream.Write(message);
                stream.WriteByte((byte)'\n');
            }
        }

        return QuickFixPeer.Start(program, parsed.GetRequiredValue(s_dictionaries), version.Version.Replace("FIX.", string.Empty, StringComparison.Ordinal), file);
    }

    private static void Measure(ParseResult parsed, Baseline baseline, FixDictionary[] versions, OurCodec[] codecs, QuickFixPeer?[] peers)
    {
        int passes = parsed.GetValue(s_passes);
        int peerPasses = parsed.GetValue(s_peerPasses);
        baseline.Say(string.Create(CultureInfo.InvariantCulture, $"messages: {MessageCount} different NewOrderSingle of {CodecMessages.LengthBytes} bytes in each version; nanoseconds per message"));
        Dictionary<(string Version, string Figure), List<double>> figures = [];
        for (int round = 0; round <= parsed.GetValue(s_rounds); round++)
        {
            baseline.Say(round == 0 ? "-- warm-up, left out" : string.Create(CultureInfo.InvariantCulture, $"-- round {round}"));
            for (int i = 0; i < versions.Length; i++)
            {
                Dictionary<string, double> turn = Turn(codecs[i], peers[i], passes, peerPasses);
                baseline.Say($"{versions[i].Version,-11} " + string.Join("  ", turn.Select(static f => string.Create(CultureInfo.InvariantCulture, $"{f.Key} {f.Value,8:F1}"))));
                foreach ((string figure, double ns) in round == 0 ? [] : turn)
                {
                    (figures.TryGetValue((versions[i].Version, figure), out List<double>? list) ? list : figures[(versions[i].Version, figure)] = []).Add(ns);
                }
            }
        }

        Summarise(baseline, versions, figures);
        SayAllocations(baseline, versions, codecs);
    }

    /// <summary>One version, each side in turn; both must have read the same.</summary>
    private static Dictionary<string, double> Turn(OurCodec codec, QuickFixPeer? peer, int passes, int peerPasses)
    {
        const double Messages = MessageCount;
        Dictionary<string, double> turn = new(StringComparer.Ordinal)
        {
            [s_figures[0]] = codec.Parse(passes) / passes / Messages,
            [s_figures[1]] = codec.ParseAndValidate(passes) / passes / Messages,
            [s_figures[2]] = codec.Whole(passes, out long sum) / passes / Messages,
        };
        if (peer is not null)
        {
            turn[s_figures[3]] = peer.Run("parse", peerPasses).Ns / peerPasses / Messages;
            (double ns, long peerSum) = peer.Run("whole", peerPasses);
            turn[s_figures[4]] = ns / peerPasses / Messages;
            if (sum / passes != peerSum / peerPasses)
            {
                throw new HostException($"the peer read other values than we did: {peerSum / peerPasses}, not {sum / passes}");
            }
        }

        return turn;
    }

    private static void Summarise(Baseline baseline, FixDictionary[] versions, Dictionary<(string Version, string Figure), List<double>> figures)
    {
        baseline.Say("-- medians over the rounds, nanoseconds per message");
        bool hasPeer = figures.ContainsKey((versions[0].Version, s_figures[4]));
        baseline.Say("version      parse  parse, validate  all, 7 fields" + (hasPeer ? "   QuickFIX: parse  all, 7 fields   ratio of the last" : ""));
        JsonObject medians = [];
        foreach (string version in versions.Select(static v => v.Version))
        {
            double[] values = [.. s_figures.Select(figure => figures.TryGetValue((version, figure), out List<double>? list) ? Median(list) : double.NaN)];
            JsonObject row = [];
            for (int i = 0; i < values.Length && !double.IsNaN(values[i]); i++)
            {
                row[s_figures[i]] = Math.Round(values[i], 1);
            }

            string peer = double.IsNaN(values[4]) ? "" : string.Create(CultureInfo.InvariantCulture, $"   {values[3],15:F0}  {values[4],13:F0}   {values[4] / values[2]:F1}");
            baseline.Say(string.Create(CultureInfo.InvariantCulture, $"{version,-11} {values[0],6:F1}  {values[1],15:F1}  {values[2],13:F1}{peer}"));
            medians[version] = row;
        }

        baseline.Json["medians"] = medians;
    }

    private static void SayAllocations(Baseline baseline, FixDictionary[] versions, OurCodec[] codecs)
    {
        JsonObject allocated = [];
        for (int i = 0; i < versions.Length; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            codecs[i].Whole(1, out _);
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            allocated[versions[i].Version] = bytes;
            baseline.Say(string.Create(CultureInfo.InvariantCulture, $"{versions[i].Version,-11} bytes allocated by us for {MessageCount} messages: {bytes}"));
        }

        baseline.Json["allocated_bytes"] = allocated;
    }

    private static double Median(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
