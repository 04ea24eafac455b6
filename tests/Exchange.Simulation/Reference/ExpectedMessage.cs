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
    public string Live => Render(FixText.Timestamp(SendingNs, Decimals), "", "");

    /// <summary>The whole message as it is sent again, with that SendingTime.</summary>
    public string Again(string sendingTime) => Render(sendingTime, Field("43=Y"), Field($"122={FixText.Timestamp(SendingNs, Decimals)}"));

    private static string Field(string field) => field + FixText.Soh;

    private string Render(string sendingTime, string possDup, string origSendingTime) => Encoding.Latin1.GetString(FixText.Frame(string.Concat(
        Field($"35={Type}"),
        Field(string.Create(CultureInfo.InvariantCulture, $"34={SeqNum}")),
        possDup,
        Field("49=EXCH") + Field($"52={sendingTime}") + Field($"56={Client}"),
        IsPossResend ? Field("97=Y") : "",
        origSendingTime,
        Body)));
}
