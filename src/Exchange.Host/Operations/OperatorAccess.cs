using System.Text.Json.Nodes;
using Exchange.Cluster.Consensus;
using Exchange.Host.Admin;
using Exchange.Host.Configuration;

namespace Exchange.Host.Operations;

/// <summary>The way to members over TCP, authenticated with the cluster's key; a connection per question.</summary>
internal sealed class OperatorAccess
{
    private static readonly TimeSpan s_connect = TimeSpan.FromSeconds(2);
    private readonly byte[] _key;

    /// <summary>Creates the access.</summary>
    public OperatorAccess(byte[] key) => _key = key;

    /// <summary>An operator of the cluster whose files are in a state directory.</summary>
    public static ClusterOperator ForDirectory(string directory, ClusterFile cluster) => new(
        new OperatorAccess(ClusterKey.Load(directory)),
        [.. cluster.Configuration.Members.Select(static m => new OperatorMember(m.Id, m.Kind == MemberKind.Witness ? "witness" : "engine", m.PeerAddress, m.FixAddress))]);

    /// <summary>Asks a member: one request, lines of progress, one answer.</summary>
    /// <param name="address">Where it listens for members and operators.</param>
    /// <param name="request">An object with a verb.</param>
    /// <param name="progress">Told each line of progress.</param>
    /// <param name="limit">How long the member may stay silent.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>The last object, with <c>ok</c>.</returns>
    /// <exception cref="HostException">Nobody is there, or does not answer in time, or does not accept our key.</exception>
    public Task<JsonObject> AskAsync(string address, JsonObject request, Action<string> progress, TimeSpan limit, CancellationToken stop) => Task.Run(
        () =>
        {
            try
            {
                using OperatorConnection connection = OperatorConnection.Open(address, _key, limit < s_connect ? limit : s_connect);
                using CancellationTokenRegistration cut = stop.Register(connection.Dispose);
                return connection.Ask(request, limit, progress);
            }
            catch (HostException e)
            {
                stop.ThrowIfCancellationRequested();
                throw new HostException(e.Message.Replace($"member at {address}: ", string.Empty, StringComparison.Ordinal), ExitCode.Unreachable);
            }
            catch (ObjectDisposedException)
            {
                throw new OperationCanceledException(stop);
            }
        },
        stop);
}
