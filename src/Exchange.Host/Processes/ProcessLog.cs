using System.Globalization;
using Serilog;
using Serilog.Core;

namespace Exchange.Host.Processes;

/// <summary>The log file of a process: one line per thing worth telling an operator, with UTC time.</summary>
internal static class ProcessLog
{
    private const string Template = "{Timestamp:yyyy-MM-ddTHH:mm:ss.fffZ} [{Level:u3}] {Message:lj}{NewLine}{Exception}";
    private const long FileBytesMax = 64 << 20;

    /// <summary>Opens the log file, or standard error when there is none.</summary>
    public static Logger Open(string? file)
    {
        LoggerConfiguration configuration = new LoggerConfiguration().MinimumLevel.Information();
        if (file is null)
        {
            return configuration
                .WriteTo.Console(outputTemplate: Template, formatProvider: CultureInfo.InvariantCulture, standardErrorFromLevel: Serilog.Events.LogEventLevel.Verbose)
                .CreateLogger();
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        return configuration
            .WriteTo.File(file, outputTemplate: Template, formatProvider: CultureInfo.InvariantCulture, fileSizeLimitBytes: FileBytesMax, rollOnFileSizeLimit: true, retainedFileCountLimit: 8)
            .CreateLogger();
    }
}
