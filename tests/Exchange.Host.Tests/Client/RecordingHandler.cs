using Exchange.Host.Client;

namespace Exchange.Host.Tests.Client;

/// <summary>Writes down what a session told its user.</summary>
internal sealed class RecordingHandler : IFixClientHandler
{
    public List<string> Messages { get; } = [];

    public List<(FixClientEvent What, string Text)> Events { get; } = [];

    public List<string> Sent { get; } = [];

    public void OnMessage(FixMessageView message, long nowNs) => Messages.Add(message.ToString());

    public void OnEvent(FixClientEvent what, string text) => Events.Add((what, text));

    public void OnWire(bool outbound, ReadOnlySpan<byte> frame)
    {
        if (outbound)
        {
            Sent.Add(new FixMessageView(frame).ToString());
        }
    }
}
