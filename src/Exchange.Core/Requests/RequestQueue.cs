using Exchange.Protocol;

namespace Exchange.Core.Requests;

/// <summary>The long requests of one session, oldest first; only the first is being worked on.</summary>
internal sealed class RequestQueue
{
    /// <summary>Most requests that may be waiting or being worked on; further ones are refused.</summary>
    public const int CountMax = 4;

    private readonly LongRequest[] _requests = new LongRequest[CountMax];

    /// <summary>Number of requests.</summary>
    public int Count { get; private set; }

    /// <summary>Whether another request must be refused.</summary>
    public bool IsFull => Count == CountMax;

    /// <summary>The request being worked on, which must exist.</summary>
    public ref LongRequest First => ref _requests[0];

    /// <summary>The request with that place.</summary>
    public ref LongRequest this[int index] => ref _requests[index];

    /// <summary>Adds a request behind the others.</summary>
    public void Add(in LongRequest request)
    {
        Invariant.Require(!IsFull);
        _requests[Count++] = request;
    }

    /// <summary>Removes the first request, which is done.</summary>
    public void RemoveFirst()
    {
        Invariant.Require(Count > 0);
        Count--;
        for (int i = 0; i < Count; i++)
        {
            _requests[i] = _requests[i + 1];
        }

        _requests[Count] = default;
    }
}
