using Exchange.Cluster.Egress;
using Exchange.Protocol.StateMachine;

namespace Exchange.Cluster.Snapshots;

/// <summary>
/// What a snapshot file holds behind its header: how far each session's outbound history must reach, who belongs to the
/// cluster, and the state machine.
/// </summary>
internal static class MemberSnapshot
{
    private const long Format = 2;
    private const long FormatWithoutMembers = 1;
    private const int MembersBytesMax = 64 << 10;

    /// <summary>Writes everything.</summary>
    public static void Write(SnapshotWriter writer, HistoryMarks marks, IStateMachine machine)
    {
        writer.WriteInt64(Format);
        marks.Save(writer);
        writer.WriteInt64(marks.Members.Length);
        writer.WriteBytes(marks.Members);
        machine.TakeSnapshot(writer);
    }

    /// <summary>The state hash: that of the snapshot which would be taken now.</summary>
    public static ulong Hash(HistoryMarks marks, IStateMachine machine)
    {
        SnapshotWriter writer = new(Stream.Null);
        Write(writer, marks, machine);
        return writer.Complete();
    }

    /// <summary>Reads everything into an empty state machine.</summary>
    public static void Read(SnapshotReader reader, HistoryMarks marks, IStateMachine machine)
    {
        long format = reader.ReadInt64();
        if (format is not (Format or FormatWithoutMembers))
        {
            throw new InvalidDataException($"the snapshot has format {format}, this build reads {Format}; use the build that wrote it, or delete the snapshot and replay the log");
        }

        marks.Load(reader);
        if (format == Format)
        {
            byte[] members = new byte[reader.ReadCount(MembersBytesMax, "bytes of the cluster's members")];
            reader.ReadBytes(members);
            marks.Members = members;
        }

        machine.LoadSnapshot(reader);
    }
}
