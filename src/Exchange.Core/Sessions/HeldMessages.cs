using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Exchange.Core.Matching;
using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Sessions;

// A message whose number is too high waits here until what is missing before it has come, so that it need not cross the wire twice and is
// executed in its turn, once. Who waits is replicated state, since what a message does must not depend on which engine applies it. What
// waits came over the connection that its session is bound to, and ends with it: nothing is executed that was sent over a connection that is gone.
//
// One pool for all sessions, reserved at its maximum and backed by the system as it is used; each session has a list in it, sorted by
// number. Both the list and the pool are limited; what finds no place is dropped, and asked for again once the gap before it is closed.
// What must hold: the numbers of a list rise, all are above the session's next one when a command has been applied, and a snapshot
// holds the messages by session and number, wherever in the pool they lie.

/// <summary>The messages that wait behind a gap, of all sessions.</summary>
internal sealed class HeldMessages : IDisposable
{
    /// <summary>Most messages held for one session.</summary>
    public const int PerSessionMax = 256;

    /// <summary>Most messages held for all sessions together: less than 5 MiB.</summary>
    public const int TotalMax = 16_384;

    /// <summary>Bytes of the longest command held. What is longer, a mass quote, is asked for again instead.</summary>
    public const int CommandBytesMax = ReplaceOrderCommand.SizeBytes;

    private readonly NativeBlock<HeldMessage> _block = new(TotalMax);
    private readonly NativeArray<HeldMessage> _places;
    private int _used;
    private int _free;

    /// <summary>Reserves the pool.</summary>
    public HeldMessages() => _places = _block.Items;

    /// <summary>Messages held.</summary>
    public int Count { get; private set; }

    /// <summary>The lowest number held for a session; 0 when none is.</summary>
    public long FirstNumber(Session session) => session.Held.First == 0 ? 0 : Place(session.Held.First).MsgSeqNum;

    /// <summary>Whether the message is held already, or there is room for it.</summary>
    /// <param name="session">Whose it is.</param>
    /// <param name="msgSeqNum">Its number.</param>
    /// <param name="command">Its command; empty when only the number is to be held.</param>
    /// <returns>False when it was dropped, for want of room.</returns>
    public bool TryHold(Session session, long msgSeqNum, ReadOnlySpan<byte> command)
    {
        ref HeldList list = ref session.Held;
        int before = list.Last;
        if (before != 0 && Place(before).MsgSeqNum >= msgSeqNum)
        {
            before = FindBefore(in list, msgSeqNum);
            int behind = before == 0 ? list.First : Place(before).Next;
            if (Place(behind).MsgSeqNum == msgSeqNum)
            {
                return true;
            }
        }

        if (list.Count == PerSessionMax || Count == TotalMax || command.Length > CommandBytesMax)
        {
            return false;
        }

        int place = Take();
        ref HeldMessage message = ref Place(place);
        message.MsgSeqNum = msgSeqNum;
        message.Length = command.Length;
        command.CopyTo(message.Bytes);
        Link(ref list, before, place);
        return true;
    }

    /// <summary>Takes the message with the lowest number out of a session's list; its place stays taken until it is given back.</summary>
    public int TakeFirst(Session session)
    {
        ref HeldList list = ref session.Held;
        int place = list.First;
        list.First = Place(place).Next;
        list.Last = list.First == 0 ? 0 : list.Last;
        list.Count--;
        return place;
    }

    /// <summary>The command at a place; empty when only its number was held.</summary>
    public Span<byte> Command(int place)
    {
        ref HeldMessage message = ref Place(place);
        return MemoryMarshal.CreateSpan(ref Unsafe.As<HeldMessage.Record, byte>(ref message.Bytes), message.Length);
    }

    /// <summary>Gives a place back.</summary>
    public void Return(int place)
    {
        Place(place).Next = _free;
        _free = place;
        Count--;
    }

    /// <summary>Drops what is held for a session below a number.</summary>
    public void DropBelow(Session session, long msgSeqNum)
    {
        while (session.Held.First != 0 && Place(session.Held.First).MsgSeqNum < msgSeqNum)
        {
            Return(TakeFirst(session));
        }
    }

    /// <summary>Drops what is held for a session from a number on.</summary>
    public void DropFrom(Session session, long msgSeqNum)
    {
        ref HeldList list = ref session.Held;
        if (list.First == 0 || Place(list.Last).MsgSeqNum < msgSeqNum)
        {
            return;
        }

        int before = FindBefore(in list, msgSeqNum);
        int place = before == 0 ? list.First : Place(before).Next;
        list.Last = before;
        if (before == 0)
        {
            list.First = 0;
        }
        else
        {
            Place(before).Next = 0;
        }

        while (place != 0)
        {
            int next = Place(place).Next;
            Return(place);
            list.Count--;
            place = next;
        }
    }

    /// <summary>Drops all that is held for a session.</summary>
    public void Clear(Session session) => DropFrom(session, 0);

    /// <summary>Writes what is held for each session, by number.</summary>
    public void Save(SessionTable sessions, SnapshotWriter writer)
    {
        for (int id = 0; id < sessions.Count; id++)
        {
            Save(sessions[id], writer);
        }
    }

    /// <summary>Reads what <see cref="Save(SessionTable, SnapshotWriter)"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is nothing that could have been held.</exception>
    public void Load(SessionTable sessions, SnapshotReader reader)
    {
        for (int id = 0; id < sessions.Count; id++)
        {
            Load(sessions[id], reader);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _block.Dispose();

    private void Save(Session session, SnapshotWriter writer)
    {
        writer.WriteInt64(session.Held.Count);
        for (int place = session.Held.First; place != 0; place = Place(place).Next)
        {
            writer.WriteInt64(Place(place).MsgSeqNum);
            writer.WriteInt64(Place(place).Length);
            writer.WriteBytes(Command(place));
        }
    }

    private void Load(Session session, SnapshotReader reader)
    {
        Invariant.Require(session.Held.Count == 0);
        int count = reader.ReadCount(PerSessionMax, "number of messages behind a gap");
        Span<byte> bytes = stackalloc byte[CommandBytesMax];
        long last = session.NextIn;
        for (int i = 0; i < count; i++)
        {
            long msgSeqNum = reader.ReadInt64();
            Span<byte> command = bytes[..reader.ReadCount(CommandBytesMax, "length of a message behind a gap")];
            reader.ReadBytes(command);
            if (msgSeqNum <= last || !IsMessage(command, session.Id, msgSeqNum) || !TryHold(session, msgSeqNum, command))
            {
                throw new InvalidDataException($"snapshot at byte {reader.Position}: session {session.Id} cannot hold message {msgSeqNum} behind {last}");
            }

            last = msgSeqNum;
        }
    }

    private static bool IsMessage(ReadOnlySpan<byte> command, int sessionId, long msgSeqNum)
    {
        if (command.IsEmpty)
        {
            return true;
        }

        // Of an older build perhaps: what the log holds of it may have to wait, too.
        if (!CommandValidation.IsWellFormed(command) || command.Length < FixCommandHeader.SizeBytes)
        {
            return false;
        }

        ref readonly FixCommandHeader message = ref MemoryMarshal.AsRef<FixCommandHeader>(command);
        return message.Command.Type is >= CommandType.Logon and < CommandType.GatewayHello
            && message.Command.SessionId == sessionId && message.MsgSeqNum == msgSeqNum;
    }

    /// <summary>The place of the highest number below the given one; 0 when there is none.</summary>
    private int FindBefore(in HeldList list, long msgSeqNum)
    {
        int before = 0;
        for (int place = list.First; place != 0 && Place(place).MsgSeqNum < msgSeqNum; place = Place(place).Next)
        {
            before = place;
        }

        return before;
    }

    private void Link(ref HeldList list, int before, int place)
    {
        ref int link = ref before == 0 ? ref list.First : ref Place(before).Next;
        Place(place).Next = link;
        list.Last = link == 0 ? place : list.Last;
        link = place;
        list.Count++;
    }

    private int Take()
    {
        int place = _free;
        if (place == 0)
        {
            place = ++_used;
        }
        else
        {
            _free = Place(place).Next;
        }

        Count++;
        return place;
    }

    private ref HeldMessage Place(int place) => ref _places[place - 1];
}
