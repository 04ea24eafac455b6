using System.Globalization;

namespace Exchange.Host.Local;

/// <summary>One process of the exchange and its present child; started again by the supervisor as often as needed.</summary>
internal sealed class SupervisedProcess : IDisposable
{
    private readonly ProcessSpec _spec;

    /// <summary>Takes the description; nothing is started.</summary>
    public SupervisedProcess(ProcessSpec spec)
    {
        _spec = spec;
        FixAddress = spec.FixAddress;
    }

    /// <summary>Name, for example gateway-2.</summary>
    public string Name => _spec.Name;

    /// <summary>member, witness, gateway, or member+gateway when composed.</summary>
    public string Role => _spec.Role;

    /// <summary>The member it is, or serves.</summary>
    public int MemberId => _spec.MemberId;

    /// <summary>Log file.</summary>
    public string LogFile => _spec.LogFile;

    /// <summary>host:port for FIX; empty when it does not speak FIX.</summary>
    public string FixAddress { get; set; }

    /// <summary>The running or last child; null before the first start.</summary>
    public ChildProcess? Child { get; private set; }

    /// <summary>Whether a child runs.</summary>
    public bool IsRunning => Child is { Exited.IsCompleted: false };

    /// <summary>It cannot go on with its files; it is started again once a rebuild was requested.</summary>
    public bool NeedsRebuild => Child is { Exited.IsCompleted: true, ExitCode: ExitCode.NeedsRebuild };

    /// <summary>Whether it was said that the present child needs that.</summary>
    public bool IsRebuildSaid { get; set; }

    /// <summary>Whether it can be reached by members and operators.</summary>
    public bool IsMember => Role != "gateway";

    /// <summary>Starts a child, in place of one that has ended.</summary>
    /// <param name="extra">Options for this start only.</param>
    public void Start(params IEnumerable<string> extra)
    {
        Child?.Dispose();
        IsRebuildSaid = false;
        Child = ChildProcess.Start(_spec.Arguments.Concat(extra));
    }

    /// <summary>Why the last child ended, as one line.</summary>
    public string Failure()
    {
        ChildProcess child = Child!;
        string reason = child.LastError.Length > 0
            ? child.LastError.Replace("exchange: ", string.Empty, StringComparison.Ordinal)
            : string.Create(CultureInfo.InvariantCulture, $"ended with code {child.ExitCode}");
        return $"{Name}: {reason} (log: {LogFile})";
    }

    /// <summary>Its line in the table of processes.</summary>
    public ProcessEntry ToEntry() => new()
    {
        Name = Name,
        Role = Role,
        MemberId = MemberId,
        Pid = IsRunning ? Child!.Pid : 0,
        FixAddress = FixAddress,
        Log = LogFile,
    };

    /// <inheritdoc/>
    public void Dispose() => Child?.Dispose();
}
