using System.Runtime.InteropServices;

namespace Exchange.Host.Local;

/// <summary>
/// Turns SIGTERM, SIGINT and, for a supervised process, the end of standard input into one cancellation, so that every way of
/// stopping takes the same clean path. A supervised process leaves SIGINT to its supervisor, since a terminal sends it to both.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _interrupt;

    /// <summary>Starts listening.</summary>
    public StopSignal(bool supervised)
    {
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            Stop();
        });
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            if (!supervised)
            {
                Stop();
            }
        });
        if (supervised)
        {
            new Thread(WaitForEndOfInput) { IsBackground = true, Name = "stdin" }.Start();
        }
    }

    /// <summary>Cancelled when the process is to stop.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Asks for the stop.</summary>
    public void Stop()
    {
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The process is past its wait already.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _terminate.Dispose();
        _interrupt.Dispose();
        _source.Dispose();
    }

    private void WaitForEndOfInput()
    {
        Span<byte> buffer = stackalloc byte[64];
        using Stream input = Console.OpenStandardInput();
        while (input.Read(buffer) > 0)
        {
            // Nothing is expected here; only the end matters.
        }

        Stop();
    }
}
