using Exchange.Protocol.Commands;

namespace Exchange.Gateway.Member;

/// <summary>The first command of a gateway to its member: who it is, in which life, and where it listens for events.</summary>
internal static class GatewayHello
{
    /// <summary>Writes the command.</summary>
    /// <param name="gatewayId">Id of the gateway.</param>
    /// <param name="incarnation">Number of this life; greater than that of any before.</param>
    /// <param name="egressStreamId">Stream on which it listens.</param>
    /// <param name="processId">Its process.</param>
    /// <param name="unixNs">Nanoseconds since 1970.</param>
    public static GatewayCommand Create(int gatewayId, long incarnation, int egressStreamId, int processId, long unixNs)
    {
        GatewayCommand hello = default;
        hello.Header.Type = CommandType.GatewayHello;
        hello.Header.Layout = CommandHeader.CurrentLayout;
        hello.Header.Length = GatewayCommand.SizeBytes;
        hello.Header.GatewayIncarnation = incarnation;
        hello.Header.GatewayId = gatewayId;
        hello.Header.SessionId = -1;
        hello.Header.ReceivedNs = unixNs;
        hello.EgressStreamId = egressStreamId;
        hello.ProcessId = processId;
        return hello;
    }
}
