namespace Exchange.Ipc.Driver;

/// <summary>A client's subscription.</summary>
internal sealed class SubscriptionLink
{
    internal SubscriptionLink(long registrationId, long clientId, int streamId, int? sessionId, string channel)
    {
        RegistrationId = registrationId;
        ClientId = clientId;
        StreamId = streamId;
        SessionId = sessionId;
        Channel = channel;
    }

    internal long RegistrationId { get; }

    internal long ClientId { get; }

    internal int StreamId { get; }

    internal int? SessionId { get; }

    internal string Channel { get; }

    internal bool Matches(IpcPublication publication) =>
        StreamId == publication.StreamId && (SessionId is null || SessionId == publication.SessionId);
}
