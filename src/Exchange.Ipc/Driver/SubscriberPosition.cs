namespace Exchange.Ipc.Driver;

/// <summary>A subscriber of one publication: its position counter, which only the subscriber writes.</summary>
internal sealed unsafe class SubscriberPosition
{
    private readonly long* _value;

    internal SubscriberPosition(SubscriptionLink link, int counterId, long* value)
    {
        Link = link;
        CounterId = counterId;
        _value = value;
    }

    internal SubscriptionLink Link { get; }

    internal int CounterId { get; }

    internal long Value => Volatile.Read(ref *_value); // partner: the release in Image, after the handler saw the frames
}
