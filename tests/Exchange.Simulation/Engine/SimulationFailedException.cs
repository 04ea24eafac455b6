namespace Exchange.Simulation.Engine;

/// <summary>A check of the auditor failed.</summary>
public sealed class SimulationFailedException : Exception
{
    /// <summary>Creates the exception.</summary>
    public SimulationFailedException(string check, string message)
        : base($"{check}: {message}") => Check = check;

    /// <summary>Which check.</summary>
    public string Check { get; }
}
