using Exchange.Ipc.Control;

namespace Exchange.Ipc.Client;

/// <summary>A publication or subscription that was asked for and is not there yet.</summary>
internal sealed class PendingRegistration
{
    internal PendingRegistration(int commandType, string channel, int streamId, Action<Image>? onAvailable, Action<Image>? onUnavailable)
    {
        CommandType = commandType;
        Channel = channel;
        StreamId = streamId;
        OnAvailableImage = onAvailable;
        OnUnavailableImage = onUnavailable;
    }

    internal int CommandType { get; }

    internal string Channel { get; }

    internal int StreamId { get; }

    internal Action<Image>? OnAvailableImage { get; }

    internal Action<Image>? OnUnavailableImage { get; }

    internal bool HasFailed => Error != null;

    internal string? Error { get; private set; }

    internal ControlErrorCode ErrorCode { get; private set; }

    internal void Fail(ControlErrorCode code, string text)
    {
        ErrorCode = code;
        Error = text;
    }
}
