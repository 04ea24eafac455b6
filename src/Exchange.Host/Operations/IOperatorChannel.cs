using System.Text.Json.Nodes;

namespace Exchange.Host.Operations;

/// <summary>The way to a member for operators: one request, lines of progress, one answer.</summary>
internal interface IOperatorChannel
{
    /// <summary>Asks a member.</summary>
    /// <param name="address">Where it listens for members and operators.</param>
    /// <param name="request">An object with a verb.</param>
    /// <param name="progress">Told each line of progress.</param>
    /// <param name="limit">How long the member may stay silent.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>The last object, with <c>ok</c>.</returns>
    /// <exception cref="OperatorUnreachableException">It could not be asked.</exception>
    Task<JsonObject> AskAsync(string address, JsonObject request, Action<string> progress, TimeSpan limit, CancellationToken stop);
}
