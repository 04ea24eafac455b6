using Exchange.Simulation.Engine;

namespace Exchange.Simulation.Network;

/// <summary>One direction between two boxes: its delay, and whether it is dark.</summary>
internal sealed class NetworkPath(SimulatedWorld world, Chance chance, long delayMinNs, long delayMaxNs)
{
    private readonly List<Action> _waiting = [];

    /// <summary>Nothing gets through.</summary>
    public bool IsDark { get; private set; }

    /// <summary>Added to every delay.</summary>
    public long ExtraDelayNs { get; set; }

    public long DelayNs()
    {
        long delayNs = chance.Between(delayMinNs, delayMaxNs) + ExtraDelayNs;
        return chance.PerMille(3) ? delayNs * 20 : delayNs;
    }

    public void WaitForLight(Action action) => _waiting.Add(action);

    public void SetDark(bool isDark)
    {
        IsDark = isDark;
        if (isDark)
        {
            return;
        }

        Action[] ready = [.. _waiting];
        _waiting.Clear();
        foreach (Action action in ready)
        {
            world.After(0, action);
        }
    }
}
