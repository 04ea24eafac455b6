namespace Exchange.Core.Requests;

/// <summary>How far a long request has come.</summary>
internal enum LongRequestPhase : byte
{
    /// <summary>A mass status counts what it will report, since each of its reports states the total.</summary>
    Count = 0,

    /// <summary>What the request is for is being done.</summary>
    Act = 1,
}
