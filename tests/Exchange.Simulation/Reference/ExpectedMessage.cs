using System.Globalization;
using System.Text;
using Exchange.Simulation.Clients;

namespace Exchange.Simulation.Reference;

/// <summary>A message that the exchange owes to a client, as the reference exchange would write it.</summary>
internal sealed class ExpectedMessage
{
    public required string Type { get; init; }

    public required long SeqNum { get; init; }

    public required string Client { get; init; }

    /// <summary>Log time of the command that caused it.</summary>
    public required long SendingNs { get; init; }

    public required int Decimals { get; init; }

    /// <summary>Log position of the command that caused it.</summary>
    public required long Position { get; init; }

    /// <summary>The connection on which it is to be sent; none when it is only kept for a resend.</summary>
    public required ConnectionKey Connection { get; init; }

    /// <summary>97=Y.</summary>
    public bool IsPossResend { get; init; }

    /// <summary>The fields behind the header.</summary>
    public required string Body { get; init; }

    public bool IsAdmin => Type is "A" or "0" or "1" or "2" or "4" or "5";

    /// <summary>The whole message as it is sent first.</summary>
    public string Live => Render(FixText.Timestamp(SendingNs, Decimals), "");

    /// <summary>The whole message as it is sent again, with that SendingTime.</summary>
    public string Again(string sendingTime) => Render(sendingTime, $"43=Y{FixText.Soh}122={FixText.Timestamp(SendingNs, Decimals)}{FixText.Soh}");

    private string Render(string sendingTime, string flags) => Encoding.Latin1.GetString(FixText.Frame(string.Create(
        CultureInfo.InvariantCulture,
        $"35={Type}{FixText.Soh}49=EXCH{FixText.Soh}56={Client}{FixText.Soh}34={SeqNum}{FixText.Soh}52={sendingTime}{FixText.Soh}{flags}{(IsPossResend ? "97=Y" + FixText.Soh : "")}{Body}")));
}
