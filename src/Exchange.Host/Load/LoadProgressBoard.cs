// Hands one LoadProgress a second from the sending thread to the printing thread without making the sender wait or allocate: three
// records in rotation. The printer has two seconds to read one before it is written again.
namespace Exchange.Host.Load;

/// <summary>Where the sending thread leaves its progress.</summary>
internal sealed class LoadProgressBoard
{
    private readonly LoadProgress[] _records = [new(), new(), new()];
    private long _published;

    /// <summary>The record that the sender fills next.</summary>
    public LoadProgress Next => _records[_published % _records.Length];

    /// <summary>The sender filled <see cref="Next"/>. Pairs with the read in <see cref="TryRead"/>.</summary>
    public void Publish() => Volatile.Write(ref _published, _published + 1);

    /// <summary>The newest record, when there is one after <paramref name="seen"/>.</summary>
    public LoadProgress? TryRead(ref long seen)
    {
        long published = Volatile.Read(ref _published);
        if (published == seen)
        {
            return null;
        }

        seen = published;
        return _records[(published - 1) % _records.Length];
    }
}
