// Messages that come before their turn: they wait, and are applied in the order of their numbers once what is missing has come.
using System.Runtime.InteropServices;
using Exchange.Protocol.Commands;

namespace Exchange.Simulation.Reference;

internal sealed partial class ReferenceExchange
{
    private const int HeldPerSessionMax = 256;
    private const int HeldMax = 16_384;
    private const int HeldBytesMax = 288;
    private const long NumberMax = 1L << 60;
    private byte[] _command = [];
    private ReferenceSession? _moved;

    private void NoteGap(ReferenceSession session, long number)
    {
        session.HighestIn = Math.Max(session.HighestIn, number);
        if (session.ResendUntil != 0 && _timeNs - session.ResendProgressNs < ResendPatienceNs)
        {
            return;
        }

        long firstHeld = session.Held.Keys.FirstOrDefault();
        session.ResendUntil = firstHeld == 0 ? number - 1 : firstHeld - 1;
        session.ResendProgressNs = _timeNs;
        Emit(session, "2", $"{Field(7, session.NextIn)}{Field(16, firstHeld == 0 ? 0 : firstHeld - 1)}");
    }

    private void Hold(ReferenceSession session, long number, byte[]? command)
    {
        if (number <= NumberMax && command is not { Length: > HeldBytesMax } && !session.Held.ContainsKey(number) && session.Held.Count < HeldPerSessionMax && _sessions.Sum(static s => s.Held.Count) < HeldMax)
        {
            session.Held.Add(number, command);
        }
    }

    private void Advance(ReferenceSession session, long next)
    {
        session.NextIn = next;
        if (session.ResendUntil != 0)
        {
            _moved = session;
            session.ResendProgressNs = _timeNs;
            if (next > session.ResendUntil)
            {
                session.ResendUntil = 0;
                session.ResendProgressNs = 0;
            }
        }
    }

    private static void ForgetGap(ReferenceSession session)
    {
        session.ResendUntil = 0;
        session.ResendProgressNs = 0;
        session.HighestIn = 0;
    }

    /// <summary>Applies what waited for the message that has just been applied.</summary>
    private void ApplyHeld()
    {
        while (_moved is { IsLoggedOn: true } session)
        {
            foreach (long passed in session.Held.Keys.Where(number => number < session.NextIn).ToList())
            {
                session.Held.Remove(passed);
            }

            if (!session.Held.Remove(session.NextIn, out byte[]? command))
            {
                AskForRest(session);
                break;
            }

            if (command is null)
            {
                Advance(session, session.NextIn + 1);
            }
            else
            {
                _command = command;
                Message(session, command);
            }
        }

        _moved = null;
    }

    private void AskForRest(ReferenceSession session)
    {
        long end = session.Held.Count > 0 ? session.Held.Keys.First() - 1 : session.HighestIn;
        if (session.ResendUntil == 0 && session.NextIn <= end)
        {
            session.ResendUntil = end;
            session.ResendProgressNs = _timeNs;
            Emit(session, "2", $"{Field(7, session.NextIn)}{Field(16, end)}");
        }
    }

    private void Message(ReferenceSession session, byte[] command)
    {
        ref readonly FixCommandHeader message = ref MemoryMarshal.AsRef<FixCommandHeader>(command);
        switch (message.Command.Type)
        {
            case CommandType.InvalidMessage:
                Admit(session, in message);
                break;
            case CommandType.Logon:
                LogonInSession(session, in MemoryMarshal.AsRef<LogonCommand>(command));
                break;
            default:
                OfSession(session, in message, command);
                break;
        }
    }
}
