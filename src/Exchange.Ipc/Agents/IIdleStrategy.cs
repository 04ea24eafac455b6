namespace Exchange.Ipc.Agents;

/// <summary>What a thread does when there is nothing to do. Implemented by structs, so that a loop calls it without indirection.</summary>
public interface IIdleStrategy
{
    /// <summary>Called after each duty cycle.</summary>
    /// <param name="workCount">Pieces of work done in it; above 0 the strategy starts over.</param>
    void Idle(int workCount);

    /// <summary>Starts over.</summary>
    void Reset();
}
