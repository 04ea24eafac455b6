using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Exchange.Gateway.Connections;

/// <summary>The gateway's connections: a bounded number of slots, made when first needed and then reused.</summary>
internal sealed class ConnectionTable
{
    private readonly FixConnection?[] _slots;
    private readonly FixConnection[] _active;
    private readonly Stack<int> _free;
    private readonly Dictionary<long, FixConnection> _byId = [];
    private readonly ConnectionContext _context;
    private FixConnection? _lastFound;

    /// <summary>Creates a table of at most <paramref name="capacity"/> connections.</summary>
    public ConnectionTable(int capacity, ConnectionContext context)
    {
        _context = context;
        _slots = new FixConnection?[capacity];
        _active = new FixConnection[capacity];
        _free = new Stack<int>(capacity);
        for (int slot = capacity - 1; slot >= 0; slot--)
        {
            _free.Push(slot);
        }
    }

    /// <summary>Number of slots in use.</summary>
    public int ActiveCount { get; private set; }

    /// <summary>Whether all slots are in use.</summary>
    public bool IsFull => _free.Count == 0;

    /// <summary>The connection in a slot in use, counted from 0; removing one moves the last into its place.</summary>
    public FixConnection Active(int index) => _active[index];

    /// <summary>The connection logic of a slot that has been in use.</summary>
    public FixConnection AtSlot(int slot) => _slots[slot]!;

    /// <summary>Counts the connections over which nobody has logged on yet.</summary>
    /// <param name="network">A client's network, or null.</param>
    /// <param name="ofNetwork">How many of them are of that network.</param>
    /// <param name="silent">The one that has gone longest without a Logon; null when each has sent one.</param>
    public int CountBeforeLogon(IPAddress? network, out int ofNetwork, out FixConnection? silent)
    {
        int count = 0;
        ofNetwork = 0;
        silent = null;
        for (int i = 0; i < ActiveCount; i++)
        {
            FixConnection connection = _active[i];
            if (!connection.IsBeforeLogon)
            {
                continue;
            }

            count++;
            ofNetwork += network is not null && network.Equals(connection.Network) ? 1 : 0;
            if (connection.State == ConnectionState.AwaitingLogon && (silent is null || connection.ConnectionId < silent.ConnectionId))
            {
                silent = connection;
            }
        }

        return count;
    }

    /// <summary>Finds a free slot; false when there is none.</summary>
    public bool TryRent([NotNullWhen(true)] out FixConnection? connection)
    {
        if (!_free.TryPop(out int slot))
        {
            connection = null;
            return false;
        }

        connection = _slots[slot] ??= new FixConnection(slot, _context);
        _active[ActiveCount++] = connection;
        return true;
    }

    /// <summary>Makes an opened connection known under its number.</summary>
    public void Register(FixConnection connection) => _byId.Add(connection.ConnectionId, connection);

    /// <summary>Events of the connection are for nobody from now on.</summary>
    public void Unregister(FixConnection connection)
    {
        _byId.Remove(connection.ConnectionId);
        _lastFound = null;
    }

    /// <summary>Finds the connection that an event is for.</summary>
    public bool TryFind(long connectionId, [NotNullWhen(true)] out FixConnection? connection)
    {
        // Events of one session tend to come in runs.
        connection = _lastFound;
        if (connection is not null && connection.ConnectionId == connectionId)
        {
            return true;
        }

        if (!_byId.TryGetValue(connectionId, out connection))
        {
            return false;
        }

        _lastFound = connection;
        return true;
    }

    /// <summary>Gives the slot at an index of <see cref="Active"/> back.</summary>
    public void ReturnAt(int index)
    {
        FixConnection connection = _active[index];
        connection.Free();
        _active[index] = _active[--ActiveCount];
        _active[ActiveCount] = null!;
        _free.Push(connection.Slot);
    }
}
