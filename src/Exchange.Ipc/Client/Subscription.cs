using Exchange.Ipc.LogBuffers;

namespace Exchange.Ipc.Client;

/// <summary>All publications of a stream, polled by one thread; images come and go in the client's <see cref="Aeron.DoWork"/>.</summary>
public sealed class Subscription : IDisposable
{
    private readonly Aeron _client;
    private Image[] _images = [];
    private int _roundRobin;
    private bool _isClosed;

    internal Subscription(Aeron client, long registrationId, string channel, int streamId, Action<Image>? onAvailable, Action<Image>? onUnavailable)
    {
        _client = client;
        RegistrationId = registrationId;
        Channel = channel;
        StreamId = streamId;
        OnAvailableImage = onAvailable;
        OnUnavailableImage = onUnavailable;
    }

    /// <summary>Channel as it was asked for.</summary>
    public string Channel { get; }

    /// <summary>Stream.</summary>
    public int StreamId { get; }

    /// <summary>Registration with the driver.</summary>
    public long RegistrationId { get; }

    /// <summary>True once closed, or once the client lost its driver.</summary>
    public bool IsClosed => Volatile.Read(ref _isClosed); // partner: Close

    /// <summary>True while there is an image.</summary>
    public bool IsConnected => ImageCount > 0;

    /// <summary>Images at present.</summary>
    public int ImageCount => Volatile.Read(ref _images).Length; // partner: Add and Remove

    internal Action<Image>? OnAvailableImage { get; }

    internal Action<Image>? OnUnavailableImage { get; }

    internal Image[] Images => Volatile.Read(ref _images); // partner: Add and Remove

    /// <summary>The image at an index from 0.</summary>
    /// <exception cref="IndexOutOfRangeException">There is none.</exception>
    public Image ImageAtIndex(int index) => Images[index];

    /// <summary>The image of a session; null when there is none.</summary>
    public Image? ImageBySessionId(int sessionId)
    {
        foreach (Image image in Images)
        {
            if (image.SessionId == sessionId)
            {
                return image;
            }
        }

        return null;
    }

    /// <summary>Polls all images in turn, each time beginning with the next, so that none starves.</summary>
    /// <returns>Fragments handed over.</returns>
    public int Poll<T>(ref T handler, int fragmentLimit)
        where T : struct, IFragmentHandler
    {
        Image[] images = Images;
        if (images.Length == 0)
        {
            return 0;
        }

        int start = _roundRobin;
        if (start >= images.Length)
        {
            start = 0;
        }

        _roundRobin = start + 1;
        int count = 0;
        for (int i = start; i < images.Length && count < fragmentLimit; i++)
        {
            count += images[i].Poll(ref handler, fragmentLimit - count);
        }

        for (int i = 0; i < start && count < fragmentLimit; i++)
        {
            count += images[i].Poll(ref handler, fragmentLimit - count);
        }

        return count;
    }

    /// <summary>Closes the subscription and its images.</summary>
    public void Dispose() => _client.ReleaseSubscription(this);

    internal void Close() => Volatile.Write(ref _isClosed, true); // partner: IsClosed

    internal void Add(Image image) => Volatile.Write(ref _images, [.. _images, image]); // partner: Images

    internal Image? Remove(long correlationId)
    {
        int index = Array.FindIndex(_images, image => image.CorrelationId == correlationId);
        if (index < 0)
        {
            return null;
        }

        Image removed = _images[index];
        Volatile.Write(ref _images, [.. _images[..index], .. _images[(index + 1)..]]); // partner: Images
        return removed;
    }

    internal void Clear() => Volatile.Write(ref _images, []); // partner: Images
}
