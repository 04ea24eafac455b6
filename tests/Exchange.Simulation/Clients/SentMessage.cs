namespace Exchange.Simulation.Clients;

/// <summary>A message of a client as it was sent first.</summary>
/// <param name="SeqNum">MsgSeqNum (34).</param>
/// <param name="Type">MsgType (35).</param>
/// <param name="ClOrdId">ClOrdID (11); empty for others than orders.</param>
/// <param name="Body">The fields behind the header.</param>
/// <param name="SendingTime">SendingTime (52).</param>
/// <param name="SentNs">Simulated time.</param>
/// <param name="IsPossResend">Sent with 97=Y.</param>
internal sealed record SentMessage(long SeqNum, string Type, string ClOrdId, string Body, string SendingTime, long SentNs, bool IsPossResend)
{
    public bool IsAdmin => Type is "A" or "0" or "1" or "2" or "4" or "5";
}
