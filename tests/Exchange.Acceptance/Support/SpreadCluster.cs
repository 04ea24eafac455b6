// Two engines and a witness as on three boxes: a folder each, with a cluster.yaml in which the others are at the ends of wires that a
// test can cut. Each of a pair may dial the other, so a pair has two of them. Operators and clients have a line of their own to each box.
using System.Globalization;

namespace Exchange.Acceptance.Support;

/// <summary>A cluster whose members reach each other over wires that can be cut.</summary>
internal sealed class SpreadCluster : IRunningExchange, IDisposable
{
    private const int Members = 3;
    private const int Engines = 2;
    private readonly string _folder;
    private readonly int[] _peerPorts = [.. Enumerable.Range(0, Members).Select(_ => ExchangeProcess.FreePort())];
    private readonly List<PeerWire> _wires = [];
    private readonly List<BackgroundCommand> _processes = [];

    /// <summary>Starts the processes; it is up to the caller to wait for a leader.</summary>
    public SpreadCluster(string folder)
    {
        _folder = folder;
        FixPorts = [.. Enumerable.Range(0, Engines).Select(_ => ExchangeProcess.FreePort())];
        foreach (int dialler in Enumerable.Range(1, Members))
        {
            foreach (int acceptor in Enumerable.Range(1, Members).Where(member => member != dialler))
            {
                _wires.Add(new PeerWire(dialler, acceptor, _peerPorts[acceptor - 1]));
            }
        }

        string id = Guid.NewGuid().ToString();
        WriteFiles(Directory, id, member => Direct(member));
        for (int box = 1; box <= Members; box++)
        {
            int self = box;
            WriteFiles(Box(box), id, member => member == self ? Direct(member) : Wire(self, member).Address);
            _processes.Add(new BackgroundCommand("member", "--dir", Box(box), "--id", $"{box}", "--bootstrap", "--no-rehearsal"));
        }

        for (int box = 1; box <= Engines; box++)
        {
            _processes.Add(new BackgroundCommand("gateway", "--dir", Box(box), "--member", $"{box}", "--id", "1", "--fix-port", $"{FixPorts[box - 1]}", "--no-rehearsal"));
        }
    }

    /// <inheritdoc/>
    public string Directory => Path.Combine(_folder, "operator");

    /// <inheritdoc/>
    public IReadOnlyList<int> FixPorts { get; }

    /// <summary>FIX port of a member's gateway.</summary>
    public int FixPort(int member) => FixPorts[member - 1];

    /// <summary>State of a member.</summary>
    public string StateOf(int member) => Path.Combine(Box(member), string.Create(CultureInfo.InvariantCulture, $"member-{member}"));

    /// <summary>Cuts one member off from the others.</summary>
    /// <param name="member">Which.</param>
    /// <param name="cut">In which directions, and whether for good.</param>
    public void Isolate(int member, WireCut cut)
    {
        foreach (PeerWire wire in _wires.Where(w => w.Ends(member)))
        {
            int other = wire.Dialler == member ? wire.Acceptor : wire.Dialler;
            if (cut != WireCut.Deaf)
            {
                wire.Cut(member, cut == WireCut.Late);
            }

            if (cut != WireCut.Mute)
            {
                wire.Cut(other, cut == WireCut.Late);
            }
        }
    }

    /// <summary>All wires are whole again; returns how many bytes were withheld so far.</summary>
    public long Mend()
    {
        _wires.ForEach(wire => wire.Mend());
        return _wires.Sum(wire => wire.Withheld);
    }

    /// <summary>Stops every process as its operator would, and demands that it ends well.</summary>
    public void StopCleanly()
    {
        foreach (BackgroundCommand process in _processes.AsEnumerable().Reverse())
        {
            Assert.True(Posix.Signal(process.Pid, Posix.Terminate), $"gone before its time: {process}");
            int code = process.WaitForExit(TimeSpan.FromSeconds(20));
            Assert.True(code == 0, $"exit code {code} after SIGTERM: {process}");
        }
    }

    /// <inheritdoc/>
    public string Describe() => string.Join('\n', _processes.Select(p => string.Join('\n', p.ToString().Split('\n').TakeLast(30).Prepend(p.HasEnded ? "--- gone:" : "--- runs:"))));

    /// <inheritdoc/>
    public void Dispose()
    {
        _processes.ForEach(process => process.Dispose());
        _wires.ForEach(wire => wire.Dispose());
    }

    private string Box(int member) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"box-{member}"));

    private string Direct(int member) => $"127.0.0.1:{_peerPorts[member - 1]}";

    private PeerWire Wire(int dialler, int acceptor) => _wires.Single(w => w.Dialler == dialler && w.Acceptor == acceptor);

    private void WriteFiles(string box, string id, Func<int, string> peer)
    {
        BoxFolder.Create(box);
        string lines = string.Concat(Enumerable.Range(1, Members).Select(m => m <= Engines
            ? $"  - {{ id: {m}, kind: engine, peer: \"{peer(m)}\", fix: \"127.0.0.1:{FixPort(m)}\", priority: {m - 1} }}\n"
            : $"  - {{ id: {m}, kind: witness, peer: \"{peer(m)}\" }}\n"));
        File.WriteAllText(Path.Combine(box, "cluster.yaml"), $"cluster: {id}\nmembers:\n{lines}");
        string key = Path.Combine(box, "cluster.key");
        File.WriteAllText(key, new string('c', 64) + "\n");
        Assert.Equal(0, CommandResult.Run("chmod", ["600", key], TimeSpan.FromSeconds(10)).ExitCode);
    }
}
