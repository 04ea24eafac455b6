using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;
using Exchange.Protocol.Text;

namespace Exchange.Core.Sessions;

/// <summary>The state of one FIX session: who it is, what it is bound to, and both sequence numbers.</summary>
internal sealed class Session
{
    /// <summary>
    /// The highest sequence number that is believed. A peer may name any 64-bit number; adopting one close to the end would leave no
    /// room to count on. A session that sends a million messages a second needs 36,000 years to get here.
    /// </summary>
    public const long SequenceNumberMax = 1L << 60;

    private const long ProbeFlag = 1;
    private const long RestatementFlag = 2;

    /// <summary>Creates the session of a participant.</summary>
    public Session(int id, in DefineParticipantCommand definition)
    {
        Id = id;
        Definition = definition;
    }

    /// <summary>Session id, from 0 in the order of definition.</summary>
    public int Id { get; }

    /// <summary>The participant as defined last.</summary>
    public DefineParticipantCommand Definition;

    /// <summary>The connection that the session is logged on over; none when it is logged off.</summary>
    public ConnectionBinding Binding;

    /// <summary>The connection that was bound last. A Logon that comes from it, or from an older one of the same gateway life, is stale.</summary>
    public ConnectionBinding LastBinding;

    /// <summary>MsgSeqNum expected next from the client.</summary>
    public long NextIn = 1;

    /// <summary>MsgSeqNum of the next message to the client.</summary>
    public long NextOut = 1;

    /// <summary>The last number that our ResendRequest is about; it is outstanding until <see cref="NextIn"/> passes it. 0 when none is.</summary>
    public long ResendUntil;

    /// <summary>The highest number that came over this connection before its turn; 0 when none did. What is missing up to it must be asked for.</summary>
    public long HighestIn;

    /// <summary>The messages that wait until what is missing before them has come.</summary>
    public HeldList Held;

    /// <summary>Log time of our ResendRequest or of the last progress since.</summary>
    public long ResendProgressNs;

    /// <summary>BeginSeqNo of the client's ResendRequest last answered, for the guard against loops; 0 when none.</summary>
    public long AskedBegin;

    /// <summary>How often that same range was asked for since <see cref="AskedSinceNs"/>.</summary>
    public long AskedCount;

    /// <summary>Log time at which that range was first asked for.</summary>
    public long AskedSinceNs;

    /// <summary>ResendRequests answered since <see cref="ResendsSinceNs"/>.</summary>
    public long ResendsCount;

    /// <summary>Log time from which <see cref="ResendsCount"/> counts.</summary>
    public long ResendsSinceNs;

    /// <summary>Messages refused by the throttle since <see cref="ThrottledSinceNs"/>.</summary>
    public long ThrottledCount;

    /// <summary>Log time from which <see cref="ThrottledCount"/> counts.</summary>
    public long ThrottledSinceNs;

    /// <summary>Log time of the next scheduled reset; <see cref="long.MaxValue"/> when there is none, or the leader has not said yet.</summary>
    public long ResetAtNs = long.MaxValue;

    /// <summary>Messages restated after resets since <see cref="RestatedSinceNs"/>, for the guard against reset after reset.</summary>
    public long RestatedCount;

    /// <summary>Log time of the reset from which <see cref="RestatedCount"/> counts.</summary>
    public long RestatedSinceNs;

    /// <summary>TestReqID of our unanswered TestRequest; empty when none is.</summary>
    public Text64 TestReqId;

    /// <summary>MsgSeqNum of our unanswered TestRequest: its answer proves that everything up to it was received.</summary>
    public long TestReqSeqNum;

    /// <summary>Whether the old connection of a duplicate logon is being probed.</summary>
    public bool ProbeOutstanding;

    /// <summary>Log time at which the connection is closed unless the client has answered our Logout; <see cref="long.MaxValue"/> when none was sent.</summary>
    public long LogoutDeadlineNs = long.MaxValue;

    /// <summary>Log time at which the open Day orders are cancelled unless the client is back; <see cref="long.MaxValue"/> when it is not running.</summary>
    public long CancelDeadlineNs = long.MaxValue;

    /// <summary>An operator moved the numbers: at its next Logon the client is told its open orders and unseen fills.</summary>
    public bool IsRestatementDue;

    /// <summary>Reject (3) and BusinessMessageReject (j) received from the client.</summary>
    public long ClientRejectCount;

    /// <summary>Fills without proof of receipt.</summary>
    public UnseenFills UnseenFills { get; } = new();

    /// <summary>Whether the client is logged on.</summary>
    public bool IsLoggedOn => Binding.IsBound;

    /// <summary>Whether we sent a Logout and wait for the answer.</summary>
    public bool IsLogoutSent => LogoutDeadlineNs != long.MaxValue;

    /// <summary>Whether resets are scheduled, but nobody has said yet when the next one comes.</summary>
    public bool AwaitsSchedule => Definition.ResetDays != 0 && ResetAtNs == long.MaxValue;

    /// <summary>Moves the numbers, and forgets whatever was said in terms of the old ones.</summary>
    public void StartNumbers(long nextIn, long nextOut)
    {
        if (nextOut != NextOut)
        {
            UnseenFills.LeaveNumbering();
        }

        NextIn = nextIn;
        NextOut = nextOut;
        ForgetGap();
        AskedBegin = 0;
        AskedCount = 0;
        AskedSinceNs = 0;
        TestReqId = default;
        TestReqSeqNum = 0;
        ProbeOutstanding = false;
    }

    /// <summary>Nothing is asked for any more.</summary>
    public void ForgetGap()
    {
        ResendUntil = 0;
        ResendProgressNs = 0;
        HighestIn = 0;
    }

    /// <summary>Writes the session; what it holds behind a gap is written by <see cref="HeldMessages"/>.</summary>
    public void Save(SnapshotWriter writer)
    {
        writer.Write(in Definition);
        writer.Write(in Binding);
        writer.Write(in LastBinding);
        writer.WriteInt64(NextIn);
        writer.WriteInt64(NextOut);
        writer.WriteInt64(ResendUntil);
        writer.WriteInt64(ResendProgressNs);
        writer.WriteInt64(HighestIn);
        writer.WriteInt64(AskedBegin);
        writer.WriteInt64(AskedCount);
        writer.WriteInt64(AskedSinceNs);
        writer.WriteInt64(ResendsCount);
        writer.WriteInt64(ResendsSinceNs);
        writer.WriteInt64(ThrottledCount);
        writer.WriteInt64(ThrottledSinceNs);
        writer.WriteInt64(ResetAtNs);
        writer.WriteInt64(RestatedCount);
        writer.WriteInt64(RestatedSinceNs);
        writer.Write(in TestReqId);
        writer.WriteInt64(TestReqSeqNum);
        writer.WriteInt64((ProbeOutstanding ? ProbeFlag : 0) | (IsRestatementDue ? RestatementFlag : 0));
        writer.WriteInt64(LogoutDeadlineNs);
        writer.WriteInt64(CancelDeadlineNs);
        writer.WriteInt64(ClientRejectCount);
        UnseenFills.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote behind the definition, which the constructor has been given.</summary>
    /// <exception cref="InvalidDataException">A number is not one that a session can have.</exception>
    public void Load(SnapshotReader reader)
    {
        Binding = reader.Read<ConnectionBinding>();
        LastBinding = reader.Read<ConnectionBinding>();
        NextIn = reader.ReadInt64();
        NextOut = reader.ReadInt64();
        ResendUntil = reader.ReadInt64();
        ResendProgressNs = reader.ReadInt64();
        HighestIn = reader.ReadInt64();
        AskedBegin = reader.ReadInt64();
        AskedCount = reader.ReadInt64();
        AskedSinceNs = reader.ReadInt64();
        ResendsCount = reader.ReadInt64();
        ResendsSinceNs = reader.ReadInt64();
        ThrottledCount = reader.ReadInt64();
        ThrottledSinceNs = reader.ReadInt64();
        ResetAtNs = reader.ReadInt64();
        RestatedCount = reader.ReadInt64();
        RestatedSinceNs = reader.ReadInt64();
        TestReqId = reader.Read<Text64>();
        TestReqSeqNum = reader.ReadInt64();
        int flags = reader.ReadCount((int)(ProbeFlag | RestatementFlag), "session flags");
        ProbeOutstanding = (flags & ProbeFlag) != 0;
        IsRestatementDue = (flags & RestatementFlag) != 0;
        LogoutDeadlineNs = reader.ReadInt64();
        CancelDeadlineNs = reader.ReadInt64();
        ClientRejectCount = reader.ReadInt64();
        if (NextIn is < 1 or > SequenceNumberMax + 1 || NextOut < 1 || TestReqSeqNum >= NextOut || Binding.GatewayId is < 0 or > GatewayTable.GatewayIdMax)
        {
            throw new InvalidDataException($"snapshot at byte {reader.Position}: session {Id} expects {NextIn}, sends {NextOut}, gateway {Binding.GatewayId}");
        }

        UnseenFills.Load(reader);
        if (UnseenFills.Count > 0 && UnseenFills[UnseenFills.Count - 1].Header.MsgSeqNum >= NextOut)
        {
            throw new InvalidDataException($"snapshot at byte {reader.Position}: session {Id} has fills beyond the next number {NextOut}");
        }
    }
}
