namespace Exchange.Ipc.Agents;

/// <summary>Several agents that take turns on one thread.</summary>
public sealed class CompositeAgent : IAgent
{
    private readonly IAgent[] _agents;

    /// <summary>Agents in the order of their turns.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public CompositeAgent(params IReadOnlyList<IAgent> agents)
    {
        ArgumentNullException.ThrowIfNull(agents);
        if (agents.Count == 0)
        {
            throw new ArgumentException("a composite agent needs at least one agent", nameof(agents));
        }

        _agents = [.. agents];
        RoleName = string.Join('+', _agents.Select(agent => agent.RoleName));
    }

    /// <inheritdoc/>
    public string RoleName { get; }

    /// <inheritdoc/>
    public void OnStart()
    {
        foreach (IAgent agent in _agents)
        {
            agent.OnStart();
        }
    }

    /// <inheritdoc/>
    public int DoWork()
    {
        int workCount = 0;
        foreach (IAgent agent in _agents)
        {
            workCount += agent.DoWork();
        }

        return workCount;
    }

    /// <summary>Closes all agents in reverse order; the first failure is thrown after the last was closed.</summary>
    public void OnClose()
    {
        Exception? first = null;
        for (int i = _agents.Length - 1; i >= 0; i--)
        {
            try
            {
                _agents[i].OnClose();
            }
            catch (Exception e)
            {
                first ??= e;
            }
        }

        if (first != null)
        {
            throw new InvalidOperationException($"an agent of {RoleName} failed to close: {first.Message}", first);
        }
    }
}
