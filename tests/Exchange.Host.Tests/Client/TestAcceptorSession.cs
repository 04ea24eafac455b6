using System.Net.Sockets;
using Exchange.Host.Client;
using Fault = Exchange.Host.Tests.Client.TestAcceptor.Fault;

namespace Exchange.Host.Tests.Client;

/// <summary>One participant's session in the <see cref="TestAcceptor"/>: numbers, sent reports, open orders.</summary>
internal sealed class TestAcceptorSession(TestAcceptor acceptor, string compId)
{
    private readonly Lock _lock = new();
    private readonly FixMessageBuilder _builder = new();
    private readonly FixMessageBuilder _body = new();
    private readonly ClientClock _clock = new();
    private readonly Dictionary<long, byte[]> _sent = [];
    private readonly Dictionary<string, string> _open = new(StringComparer.Ordinal);
    private readonly List<string> _orders = [];
    private byte[] _out = new byte[1 << 16];
    private int _outBytes;
    private long _nextIn = 1;
    private long _nextOut = 1;
    private long _orderCount;
    private bool _isBound;
    private bool _isReset;
    private bool _isSilent;

    public IReadOnlyList<string> Orders()
    {
        lock (_lock)
        {
            return [.. _orders];
        }
    }

    public bool TryBind()
    {
        lock (_lock)
        {
            bool free = !_isBound;
            _isBound = true;
            _isSilent = false;
            _outBytes = 0;
            return free;
        }
    }

    public void Unbind()
    {
        lock (_lock)
        {
            _isBound = false;
        }
    }

    public void Flush(Socket socket)
    {
        lock (_lock)
        {
            if (_isSilent)
            {
                return;
            }

            int at = 0;
            while (at < _outBytes)
            {
                at += socket.Send(_out, at, _outBytes - at, SocketFlags.None);
            }

            _outBytes = 0;
        }
    }

    /// <summary>False when the connection is to be closed.</summary>
    public bool OnMessage(FixMessageView message)
    {
        lock (_lock)
        {
            if (_isSilent)
            {
                return true;
            }

            message.TryGetInt64(34, out long seqNum);
            _isReset = message.Text(35) == "A" && message.IsYes(141);
            if (_isReset)
            {
                (_nextIn, _nextOut) = (1, 1);
                _sent.Clear();
            }

            if (seqNum < _nextIn)
            {
                if (message.IsYes(43))
                {
                    return true;
                }

                Send("5", _body.Open().Add(58, $"MsgSeqNum too low, expecting {_nextIn} but received {seqNum}").Body);
                return false;
            }

            if (message.Text(35) == "A")
            {
                Send("A", (_isReset ? _body.Open().Add(141, 'Y') : _body.Open()).Add(98, 0).Add(108, message.Text(108)).Body);
            }

            if (message.Text(35) == "2")
            {
                Resend(message);
            }

            if (seqNum > _nextIn)
            {
                Send("2", _body.Open().Add(7, _nextIn).Add(16, 0).Body);
                return true;
            }

            _nextIn++;
            return Process(message);
        }
    }

    public void Report(string clOrdId, char execType, char ordStatus, int cumQty, string? origClOrdId)
    {
        lock (_lock)
        {
            _body.Open().Add(37, "1").Add(17, _nextOut).Add(11, clOrdId).Add(55, "AAPL").Add(54, '1').Add(150, execType).Add(39, ordStatus)
                .Add(38, 1).Add(44, "100").Add(32, execType == 'F' ? 1 : 0).Add(31, "100").Add(14, cumQty).Add(151, 1 - cumQty).Add(6, 0);
            if (origClOrdId is not null)
            {
                _body.Add(41, origClOrdId);
            }

            Send("8", _body.Body);
        }
    }

    private bool Process(FixMessageView message)
    {
        string id = message.Text(11);
        switch (message.Text(35))
        {
            case "D":
                OnOrder(id);
                break;
            case "F" when _open.Remove(message.Text(41)):
                Report(id, '4', '4', 0, message.Text(41));
                break;
            case "F":
                Send("9", _body.Open().Add(37, "NONE").Add(11, id).Add(41, message.Text(41)).Add(39, '8').Add(434, '1').Add(102, 1).Body);
                break;
            case "1":
                Send("0", _body.Open().Add(112, message.Text(112)).Body);
                break;
            case "4":
                message.TryGetInt64(36, out _nextIn);
                break;
            case "5":
                Send("5", default);
                return false;
        }

        return true;
    }

    private void OnOrder(string id)
    {
        _orders.Add(id);
        Fault fault = acceptor.FaultOf(++_orderCount);
        _isSilent |= fault == Fault.FallSilent;
        if (fault == Fault.DropAck)
        {
            return;
        }

        _open[id] = id;
        Report(id, '0', '0', 0, null);
        if (fault == Fault.DoubleAck)
        {
            Report(id, '0', '0', 0, null);
        }

        if (acceptor.FillsAll)
        {
            Report(id, 'F', '2', 1, null);
            _open.Remove(id);
        }
    }

    private void Resend(FixMessageView request)
    {
        request.TryGetInt64(7, out long begin);
        for (long seqNum = begin; seqNum < _nextOut; seqNum++)
        {
            if (_sent.TryGetValue(seqNum, out byte[]? body))
            {
                Write("8", seqNum, body, possDup: true);
                continue;
            }

            long end = seqNum + 1;
            while (end < _nextOut && !_sent.ContainsKey(end))
            {
                end++;
            }

            Write("4", seqNum, _body.Open().Add(123, 'Y').Add(36, end).Body, possDup: true);
            seqNum = end - 1;
        }
    }

    private void Send(string type, ReadOnlySpan<byte> body)
    {
        if (type == "8")
        {
            _sent[_nextOut] = body.ToArray();
        }

        Write(type, _nextOut++, body, possDup: false);
    }

    private void Write(string type, long seqNum, ReadOnlySpan<byte> body, bool possDup)
    {
        _builder.Open().Add(35, type).Add(34, seqNum).Add(49, "EXCH").Add(56, compId).AddTime(52, _clock.NowNs, 3);
        if (possDup)
        {
            _builder.Add(43, 'Y').AddTime(122, _clock.NowNs - 1, 3);
        }

        ReadOnlySpan<byte> frame = _builder.AddFields(body).Close("FIX.4.4");
        if (_outBytes + frame.Length > _out.Length)
        {
            Array.Resize(ref _out, _out.Length * 2);
        }

        frame.CopyTo(_out.AsSpan(_outBytes));
        _outBytes += frame.Length;
    }
}
