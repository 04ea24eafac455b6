// Problem: a publisher that dies between moving the tail and committing leaves a hole at which every subscriber stops.
// Idea: turn the hole into a padding frame. A claimed frame shows its extent (negative length); a frame whose header was never written
// extends to the next frame that shows one, or to the tail when nobody can be writing there any more.
// What must hold: only call it when the position stood still for the unblock timeout, or when all owners are gone; a live publisher that
// is merely slow would otherwise write into a frame that was given away.
using Exchange.Ipc.Concurrent;

namespace Exchange.Ipc.LogBuffers;

/// <summary>Unblocks a log whose publisher died in the middle of a claim.</summary>
internal static unsafe class LogBufferUnblocker
{
    /// <summary>Unblocks at a position.</summary>
    /// <param name="log">The log.</param>
    /// <param name="blockedPosition">Where the subscribers stand.</param>
    /// <param name="allOwnersGone">No publisher is left, so that an unmarked hole up to the tail may be padded too.</param>
    /// <returns>True when something was padded or the log rotated.</returns>
    internal static bool Unblock(LogBuffer log, long blockedPosition, bool allOwnersGone)
    {
        int termLength = log.TermLength;
        int blockedTermCount = (int)(blockedPosition >> log.PositionBitsToShift);
        int blockedIndex = LogBufferDescriptor.IndexByTermCount(blockedTermCount);
        int blockedOffset = (int)(blockedPosition & (termLength - 1));
        int activeTermCount = Volatile.Read(ref log.ActiveTermCount); // partner: RotateLog
        if (activeTermCount == blockedTermCount - 1 && blockedOffset == 0)
        {
            // The publisher filled the term and died before it moved on.
            long currentTail = Volatile.Read(ref log.Tail(LogBufferDescriptor.IndexByTermCount(activeTermCount))); // partner: publishers
            return LogBufferDescriptor.RotateLog(log.Metadata, activeTermCount, LogBufferDescriptor.TermId(currentTail));
        }

        long rawTail = Volatile.Read(ref log.Tail(blockedIndex)); // partner: publishers
        int termId = LogBufferDescriptor.TermId(rawTail);
        if (LogBufferDescriptor.TermCount(termId, log.InitialTermId) != blockedTermCount)
        {
            return false;
        }

        int tailOffset = LogBufferDescriptor.TermOffset(rawTail, termLength);
        int length = FindHole(log.Term(blockedIndex), blockedOffset, tailOffset, termLength, allOwnersGone);
        if (length <= 0)
        {
            return false;
        }

        WritePadding(log, log.Term(blockedIndex), blockedOffset, length, termId);
        if (blockedOffset + length == termLength)
        {
            _ = LogBufferDescriptor.RotateLog(log.Metadata, blockedTermCount, termId);
        }

        return true;
    }

    private static int FindHole(byte* term, int blockedOffset, int tailOffset, int termLength, bool allOwnersGone)
    {
        int frameLength = Volatile.Read(ref *(int*)(term + blockedOffset)); // partner: FrameWriter
        if (frameLength < 0)
        {
            int aligned = Alignment.Align(-frameLength, DataHeaderDescriptor.FrameAlignment);
            return aligned <= termLength - blockedOffset ? aligned : 0;
        }

        if (frameLength > 0 || blockedOffset >= tailOffset)
        {
            return 0;
        }

        for (int offset = blockedOffset + DataHeaderDescriptor.FrameAlignment; offset < tailOffset; offset += DataHeaderDescriptor.FrameAlignment)
        {
            if (Volatile.Read(ref *(int*)(term + offset)) == 0) // partner: FrameWriter
            {
                continue;
            }

            return IsStillZero(term, blockedOffset, offset) ? offset - blockedOffset : 0;
        }

        bool reachesEndOfTerm = tailOffset == termLength;
        return (reachesEndOfTerm || allOwnersGone) && IsStillZero(term, blockedOffset, tailOffset) ? tailOffset - blockedOffset : 0;
    }

    private static bool IsStillZero(byte* term, int from, int to)
    {
        for (int offset = to - DataHeaderDescriptor.FrameAlignment; offset >= from; offset -= DataHeaderDescriptor.FrameAlignment)
        {
            if (Volatile.Read(ref *(int*)(term + offset)) != 0) // partner: FrameWriter
            {
                return false;
            }
        }

        return true;
    }

    private static void WritePadding(LogBuffer log, byte* term, int offset, int length, int termId)
    {
        byte* header = log.Metadata + LogBufferDescriptor.DefaultHeaderOffset;
        FrameWriter writer = new(
            *(int*)(header + DataHeaderDescriptor.SessionIdOffset), *(int*)(header + DataHeaderDescriptor.StreamIdOffset));
        writer.WritePadding(term + offset, length, offset, termId);
    }
}
