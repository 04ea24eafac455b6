namespace Exchange.Ipc.Agents;

/// <summary>A duty that one thread performs again and again. Several agents may share a thread (<see cref="CompositeAgent"/>).</summary>
public interface IAgent
{
    /// <summary>Name for threads and messages.</summary>
    string RoleName { get; }

    /// <summary>Called once on the agent's thread before the first duty cycle.</summary>
    void OnStart();

    /// <summary>One duty cycle; never blocks.</summary>
    /// <returns>Pieces of work done; 0 lets the thread idle.</returns>
    int DoWork();

    /// <summary>Called once on the agent's thread after the last duty cycle.</summary>
    void OnClose();
}
