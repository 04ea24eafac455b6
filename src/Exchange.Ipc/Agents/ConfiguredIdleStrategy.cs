namespace Exchange.Ipc.Agents;

/// <summary>The idle strategy that a configuration names. One predictable branch more than the strategy itself.</summary>
public struct ConfiguredIdleStrategy : IIdleStrategy
{
    /// <summary>Names that <see cref="TryParse"/> takes.</summary>
    public const string AllowedNames = "busy-spin, yield, backoff";

    private readonly IdleStrategyKind _kind;
    private BackoffIdleStrategy _backoff;

    /// <summary>A strategy of this kind with its default limits.</summary>
    public ConfiguredIdleStrategy(IdleStrategyKind kind)
    {
        _kind = kind;
        _backoff = new BackoffIdleStrategy();
    }

    /// <summary>Reads <c>busy-spin</c>, <c>yield</c> or <c>backoff</c>; false for any other text.</summary>
    public static bool TryParse(string? name, out IdleStrategyKind kind)
    {
        kind = name switch
        {
            "busy-spin" => IdleStrategyKind.BusySpin,
            "yield" => IdleStrategyKind.Yield,
            _ => IdleStrategyKind.Backoff,
        };
        return name is "busy-spin" or "yield" or "backoff";
    }

    /// <inheritdoc/>
    public void Idle(int workCount)
    {
        switch (_kind)
        {
            case IdleStrategyKind.BusySpin:
                default(BusySpinIdleStrategy).Idle(workCount);
                break;
            case IdleStrategyKind.Yield:
                default(YieldingIdleStrategy).Idle(workCount);
                break;
            default:
                _backoff.Idle(workCount);
                break;
        }
    }

    /// <inheritdoc/>
    public void Reset() => _backoff.Reset();
}
