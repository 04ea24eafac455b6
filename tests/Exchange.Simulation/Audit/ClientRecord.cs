using Exchange.Simulation.Clients;
using Exchange.Simulation.Reference;

namespace Exchange.Simulation.Audit;

/// <summary>What the auditor knows of one client.</summary>
internal sealed class ClientRecord(FixClient client)
{
    public FixClient Client { get; } = client;

    /// <summary>Which numbering of the session the client is in.</summary>
    public int Epoch { get; set; }

    /// <summary>The connection that it heard from last, and the number of the last message that was not a repetition there.</summary>
    public ConnectionKey Connection { get; set; }

    public long LastLive { get; set; }

    /// <summary>Everything it sent, by what can be found again in the log.</summary>
    public Dictionary<(string Type, string ClOrdId, long SeqNum), SentMessage> Sent { get; } = [];
}
