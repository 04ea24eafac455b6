using Exchange.Protocol;

namespace Exchange.Core.Orders;

/// <summary>What order management keeps per session, under the numbers of the sessions.</summary>
internal sealed class OrderSessions(OrderEntryLimits limits) : IDisposable
{
    private OrderSession[] _sessions = [];

    /// <summary>Number of sessions.</summary>
    public int Count => _sessions.Length;

    /// <summary>The session with a number below <see cref="Count"/>.</summary>
    public OrderSession this[int sessionId] => _sessions[sessionId];

    /// <summary>Adds the next session, or changes the limit of a known one.</summary>
    public OrderSession Define(int sessionId, int openOrdersMax)
    {
        Invariant.Require(sessionId >= 0 && sessionId <= _sessions.Length);
        if (sessionId == _sessions.Length)
        {
            Array.Resize(ref _sessions, sessionId + 1);
            _sessions[sessionId] = new OrderSession(sessionId, limits);
        }

        _sessions[sessionId].OpenOrdersMax = openOrdersMax;
        return _sessions[sessionId];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (OrderSession session in _sessions)
        {
            session.Dispose();
        }
    }
}
