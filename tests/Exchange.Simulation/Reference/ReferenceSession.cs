using Exchange.Gateway.Translation;
using Exchange.Protocol.Commands;

namespace Exchange.Simulation.Reference;

/// <summary>A FIX session: numbers, binding, what was sent, and what was ordered.</summary>
internal sealed class ReferenceSession
{
    public required int Id { get; init; }

    public DefineParticipantCommand Definition { get; set; }

    public string Client => Definition.SenderCompId.ToString();

    public ConnectionKey Binding { get; set; }

    public ConnectionKey LastBinding { get; set; }

    public long NextIn { get; set; } = 1;

    public long ResendUntil { get; set; }

    public long HighestIn { get; set; }

    /// <summary>What waits behind a gap, by number: the command, or null when only the number does.</summary>
    public SortedDictionary<long, byte[]?> Held { get; } = [];

    public long ResendProgressNs { get; set; }

    public long AskedBegin { get; set; }

    public long AskedCount { get; set; }

    public long AskedSinceNs { get; set; }

    public long RestatedCount { get; set; }

    public long RestatedSinceNs { get; set; }

    public string TestReqId { get; set; } = "";

    public long TestReqSeqNum { get; set; }

    public bool IsProbed { get; set; }

    public long LogoutDeadlineNs { get; set; } = long.MaxValue;

    public long CancelDeadlineNs { get; set; } = long.MaxValue;

    /// <summary>Everything sent, by numbering: each reset begins another list.</summary>
    public List<List<ExpectedMessage>> Epochs { get; } = [[]];

    public List<ExpectedMessage> Sent => Epochs[^1];

    public long NextOut => Sent.Count + 1;

    public List<ExpectedResend> Resends { get; } = [];

    /// <summary>Trades without proof of receipt: the number under which each was sent last, and the report.</summary>
    public List<(long SeqNum, ExpectedMessage Report)> Unseen { get; set; } = [];

    /// <summary>What a replay has said to it and has not found its place yet; see <see cref="ReferenceExchange.Tell"/>.</summary>
    public Queue<ToldMessage> Told { get; } = new();

    public SessionProfile? Profile { get; set; }

    /// <summary>What became of each ClOrdID: an OrderID, or minus the reason of a refusal.</summary>
    public Dictionary<string, long> Outcomes { get; } = [];

    /// <summary>ExecIDs of its trades.</summary>
    public HashSet<string> Executions { get; } = [];

    public Dictionary<string, decimal> Positions { get; } = [];

    public bool IsLoggedOn => !Binding.IsNone;

    public bool IsLogoutSent => LogoutDeadlineNs != long.MaxValue;
}
