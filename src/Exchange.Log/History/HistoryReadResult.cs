namespace Exchange.Log.History;

/// <summary>What a cursor found.</summary>
public enum HistoryReadResult
{
    /// <summary>A message; the cursor has moved on.</summary>
    Record,

    /// <summary>There is no newer message yet.</summary>
    End,

    /// <summary>The message is not kept any more, or does not check; the cursor stays until it is told to skip.</summary>
    Gone,
}
