using System.Net;
using Exchange.Cluster.Peers;
using Exchange.Ipc.Agents;

namespace Exchange.Cluster;

/// <summary>
/// One member with everything it owns: the log and its flusher, snapshots, outbound history, the state machine, the media driver, the
/// connections to its peers, and the agent that a thread has to run.
/// </summary>
public sealed class Member : IDisposable
{
    private readonly MemberOptions _options;
    private readonly MemberParts _parts;
    private readonly MemberNode _node;

    private Member(MemberOptions options, MemberParts parts)
    {
        _options = options;
        _parts = parts;
        _node = new MemberNode(options, parts);
    }

    /// <summary>What a thread has to run.</summary>
    public IAgent Agent => _node;

    /// <summary>Wakes a thread that sleeps when another member sends, or when what waits for the device is on it; null where there is none.</summary>
    public PeerPoller? Poller => MemberAssembly.PollerOf(_parts.Transport);

    /// <summary>The leadership term.</summary>
    public long Term => _node.Raft.Term;

    /// <summary>Whether the log was empty and has been seeded by this start.</summary>
    public bool WasEmpty => _node.HasSeeded;

    /// <summary>Position behind the last command applied.</summary>
    public long AppliedPosition => _node.AppliedPosition;

    /// <summary>Whether this member leads and serves clients; may be read from any thread.</summary>
    public bool IsServing => _node.IsServing;

    /// <summary>Where operators reach a member that is alone; null when nowhere.</summary>
    public IPEndPoint? OperatorEndPoint => (_parts.Transport as OperatorPort)?.EndPoint;

    /// <summary>Opens the member's directory and makes everything ready to run. A member that is alone has applied its whole log when this returns.</summary>
    public static Member Open(MemberOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        MemberParts parts = MemberAssembly.Open(options);
        Member member;
        try
        {
            member = new(options, parts);
        }
        catch
        {
            parts.Close();
            throw;
        }

        if (options.Configuration is null)
        {
            member.RunUntilServing();
        }

        return member;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _node.Dispose();
        _parts.Close();
        _options.Log($"stopped at position {_node.AppliedPosition}");
    }

    // Nobody to wait for but the device: so the caller gets a member that serves, or the reason why it cannot.
    private void RunUntilServing()
    {
        try
        {
            SpinWait wait = default;
            while (!_node.IsServing || _node.AppliedPosition < _parts.Log.AppendPosition)
            {
                if (_node.DoWork() == 0)
                {
                    wait.SpinOnce();
                }
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }
}
