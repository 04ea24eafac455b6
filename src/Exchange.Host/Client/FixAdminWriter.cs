namespace Exchange.Host.Client;

/// <summary>Writes the session-level messages of a client; each takes a number and none but Reject is kept for resends.</summary>
internal sealed class FixAdminWriter
{
    private const int ValueIncorrect = 5;
    private readonly FixOutbound _outbound;
    private readonly FixClientOptions _options;
    private readonly FixMessageBuilder _body = new();

    /// <summary>Writes into this buffer.</summary>
    public FixAdminWriter(FixOutbound outbound, FixClientOptions options)
    {
        _outbound = outbound;
        _options = options;
    }

    /// <summary>Logon (A).</summary>
    /// <param name="reset">With ResetSeqNumFlag (141=Y).</param>
    /// <param name="nextExpected">NextExpectedMsgSeqNum (789); 0 to leave it out.</param>
    /// <param name="nowNs">SendingTime.</param>
    public void Logon(bool reset, long nextExpected, long nowNs)
    {
        _body.Open().Add(98, 0).Add(108, _options.HeartBtIntSec);
        if (reset)
        {
            _body.Add(141, 'Y');
        }

        if (nextExpected > 0)
        {
            _body.Add(789, nextExpected);
        }

        if (_options.Version.ApplVerId.Length > 0)
        {
            _body.Add(1137, _options.Version.ApplVerId);
        }

        if (_options.Username.Length > 0)
        {
            _body.Add(553, _options.Username);
        }

        if (_options.Password.Length > 0)
        {
            _body.Add(554, _options.Password);
        }

        _outbound.Send("A"u8, _body.Body, keep: false, nowNs);
    }

    /// <summary>Logout (5).</summary>
    public void Logout(string text, long nowNs)
    {
        _body.Open();
        if (text.Length > 0)
        {
            _body.Add(58, text);
        }

        _outbound.Send("5"u8, _body.Body, keep: false, nowNs);
    }

    /// <summary>Heartbeat (0); with the TestReqID (112) that it answers.</summary>
    public void Heartbeat(ReadOnlySpan<byte> testReqId, long nowNs)
    {
        _body.Open();
        if (!testReqId.IsEmpty)
        {
            _body.Add(112, testReqId);
        }

        _outbound.Send("0"u8, _body.Body, keep: false, nowNs);
    }

    /// <summary>TestRequest (1).</summary>
    public void TestRequest(string id, long nowNs) => _outbound.Send("1"u8, _body.Open().Add(112, id).Body, keep: false, nowNs);

    /// <summary>ResendRequest (2); an end of 0 means up to the last.</summary>
    public void ResendRequest(long begin, long end, long nowNs) =>
        _outbound.Send("2"u8, _body.Open().Add(7, begin).Add(16, end).Body, keep: false, nowNs);

    /// <summary>Reject (3) of a value that is incorrect (373=5).</summary>
    public void Reject(long refSeqNum, int refTag, ReadOnlySpan<byte> refType, string text, long nowNs) => _outbound.Send(
        "3"u8, _body.Open().Add(45, refSeqNum).Add(371, refTag).Add(372, refType).Add(373, ValueIncorrect).Add(58, text).Body, keep: true, nowNs);
}
