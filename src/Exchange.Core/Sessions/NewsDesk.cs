using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Sessions;

/// <summary>
/// Tells news to every session that is logged on. It is a message like any other: it takes a number, is kept in the history, and is sent
/// again when asked for. A session that is not logged on does not get it, since it would be stale by the time it logs on.
/// </summary>
internal sealed class NewsDesk(SessionTable sessions, SessionOutbox outbox)
{
    /// <summary>News that were not sound: the log holds them, but nobody is told.</summary>
    public long RefusedCount { get; set; }

    /// <summary>Sends News (B).</summary>
    public void Publish(in NewsCommand command, in CommandContext context)
    {
        if (!NewsContent.IsSound(in command))
        {
            RefusedCount++;
            return;
        }

        int lengthBytes = command.HeadlineLength + command.TextLength;
        int tailBytes = (lengthBytes + 7) & ~7;
        for (int id = 0; id < sessions.Count; id++)
        {
            if (sessions[id] is not { IsLoggedOn: true, IsLogoutSent: false })
            {
                continue;
            }

            ref NewsEvent news = ref outbox.Append<NewsEvent>(EventType.News, id, tailBytes);
            news.NewsId = context.Position;
            news.HeadlineLength = command.HeadlineLength;
            news.TextLength = command.TextLength;
            news.Urgency = command.Urgency;
            ((ReadOnlySpan<byte>)command.Content)[..lengthBytes].CopyTo(outbox.LastTail(tailBytes));
        }
    }
}
