using Exchange.Fix.Dictionary;
using Exchange.Gateway.Connections;

namespace Exchange.Fuzz;

/// <summary>A client of the fuzzed gateway: its connection, what it sent that was not taken yet, and what was heard of it on both sides.</summary>
internal sealed class FuzzClient(int sessionId, string compId, FixDictionary dictionary, FixConnection connection)
{
    /// <summary>The core's number of the session.</summary>
    public int SessionId => sessionId;

    /// <summary>SenderCompID.</summary>
    public string CompId => compId;

    /// <summary>The version of FIX that it prefers.</summary>
    public FixDictionary Dictionary => dictionary;

    /// <summary>The gateway's side of its connection.</summary>
    public FixConnection Connection => connection;

    /// <summary>Whether there is a connection that the gateway has not done with.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Bytes that arrived and were not consumed.</summary>
    public List<byte> Unread { get; } = [];

    /// <summary>Every byte in <see cref="Unread"/> is of a message as a well-meaning client writes it.</summary>
    public bool IsClean { get; set; } = true;

    /// <summary>It takes what is said to it.</summary>
    public bool Listens { get; set; } = true;

    /// <summary>The ingress has no room for its commands.</summary>
    public bool IsIngressFull { get; set; }

    /// <summary>A password of it is being checked.</summary>
    public bool IsPasswordChecked { get; set; }

    /// <summary>Logon commands of the connection.</summary>
    public int LogonsOffered { get; set; }

    /// <summary>ConnectionLost commands of the connection.</summary>
    public int LossesOffered { get; set; }

    /// <summary>All commands of the connection.</summary>
    public int CommandsOffered { get; set; }

    /// <summary>What was offered since it was last looked at, when somebody does look.</summary>
    public List<byte[]>? Commands { get; set; }

    /// <summary>What was said to it since it was last looked at, when somebody does look.</summary>
    public List<string>? Heard { get; set; }
}
