using Exchange.Ipc.Control;

namespace Exchange.Ipc.Driver;

/// <summary>A command that the driver refuses; it becomes the error answer. Off the hot path: commands are rare.</summary>
internal sealed class ControlException : Exception
{
    internal ControlException(ControlErrorCode code, string message)
        : base(message)
    {
        Code = code;
    }

    internal ControlErrorCode Code { get; }
}
