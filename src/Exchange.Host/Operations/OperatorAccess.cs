using System.Text.Json.Nodes;
using Exchange.Cluster.Consensus;
using Exchange.Host.Admin;
using Exchange.Host.Configuration;

namespace Exchange.Host.Operations;

/// <summary>The way to members over TCP, authenticated with the cluster's key; a connection per question.</summary>
internal sealed class OperatorAccess : IOperatorChannel
{
    private static readonly TimeSpan s_connect = TimeSpan.FromSeconds(2);
    private readonly byte[] _key;

    /// <summary>Creates the access.</summary>
    public OperatorAccess(byte[] key) => _key = key;

    /// <summary>An operator of the cluster whose files are in a state directory.</summary>
    public static ClusterOperator ForDirectory(string directory, ClusterFile cluster) => new(
        new OperatorAccess(ClusterKey.Load(directory)),
        [.. cluster.Configuration.Members.Select(static m => new OperatorMember(m.Id, m.Kind == MemberKind.Witness ? "witness" : "engine", m.PeerAddress, m.FixAddress))]);

    /// <inheritdoc/>
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
                throw new OperatorUnreachableException(e.Message.Replace($"member at {address}: ", string.Empty, StringComparison.Ordinal), e);
            }
            catch (ObjectDisposedException)
            {
                throw new OperationCanceledException(stop);
            }
        },
        stop);
}
