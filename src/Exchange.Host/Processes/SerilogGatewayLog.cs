using Exchange.Gateway;
using Serilog.Core;

namespace Exchange.Host.Processes;

/// <summary>Carries the gateway's lines to the process's log.</summary>
internal sealed class SerilogGatewayLog : IGatewayLog
{
    private readonly Logger _log;

    /// <summary>Wraps a log.</summary>
    public SerilogGatewayLog(Logger log) => _log = log;

    /// <inheritdoc/>
    public void Information(string line) => _log.Information("{Line:l}", line);

    /// <inheritdoc/>
    public void Warning(string line) => _log.Warning("{Line:l}", line);
}
