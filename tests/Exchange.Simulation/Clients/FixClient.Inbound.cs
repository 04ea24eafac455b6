// What a client does with what it hears.
using System.Globalization;
using Exchange.Simulation.Network;

namespace Exchange.Simulation.Clients;

internal sealed partial class FixClient
{
    private void OnSocket(SimulatedSocket socket)
    {
        if (socket != _socket)
        {
            return;
        }

        while (socket.Arrived.TryDequeue(out byte[]? bytes))
        {
            _inbound.AddRange(bytes);
        }

        while (socket == _socket && FixText.TryTake(_inbound, out byte[] raw))
        {
            FixMessage message = new(raw);
            _world.Trace.Add(raw);
            _lastReceivedNs = _world.NowNs;
            _isTestRequestSent = false;
            _observer.OnReceived(this, message);
            OnMessage(message);
        }

        if (socket == _socket && socket.IsEnded)
        {
            Drop(socket.IsReset ? "it was reset" : "it was closed");
        }
    }

    private void OnMessage(FixMessage message)
    {
        if (State == ClientState.AwaitingLogon && message.Type == "A")
        {
            OnLogon(message);
            return;
        }

        if (State == ClientState.AwaitingLogon && _resetSent && message.Type != "5")
        {
            // The old numbering's last messages, on their way when the reset was sent.
            return;
        }

        if (message.SeqNum < NextIn)
        {
            if (!message.IsPossDup)
            {
                _observer.OnOffence(this, "numbers", $"MsgSeqNum {message.SeqNum} came without PossDupFlag, expected {NextIn}: {message}");
            }

            return;
        }

        if (message.SeqNum > NextIn)
        {
            OnAhead(message);
            return;
        }

        Process(message);
        Continue();
    }

    private void OnLogon(FixMessage message)
    {
        bool isReset = message[141] == "Y";
        if (isReset != _resetSent)
        {
            _observer.OnOffence(this, "logon", $"141 of the answer does not fit the Logon: {message}");
        }

        Logons++;
        State = ClientState.LoggedOn;
        _lastReceivedNs = _world.NowNs;
        if (isReset)
        {
            Resets++;
            _resetsNext = false;
            _resetSent = false;
            NextIn = 1;
        }

        _world.Tell($"{Profile.CompId} is logged on{(isReset ? " with new numbers" : "")}: in {NextIn}, out {NextOut}");
        if (message.SeqNum < NextIn)
        {
            _observer.OnOffence(this, "numbers", $"Logon with MsgSeqNum {message.SeqNum}, expected {NextIn}: {message}");
        }
        else if (message.SeqNum == NextIn)
        {
            NextIn++;
        }
        else if (Profile.UsesNextExpected)
        {
            // The exchange sends what is missing by itself; if it does not, we ask when patience ends.
            _isResendAsked = true;
            _resendAskedNs = _world.NowNs;
            _gapEnd = message.SeqNum;
            Keep(message);
        }
        else
        {
            OnAhead(message);
        }

        if (message[789] is not null && message.Number(789) < NextOut)
        {
            Resend(message.Number(789), 0);
        }

        _trader.OnLoggedOn(isReset);
    }

    private void OnAhead(FixMessage message)
    {
        if (message.Type == "2")
        {
            // Answered before our own question (case 20).
            Resend(message.Number(7), message.Number(16));
        }
        else if (message.Type == "5")
        {
            OnLogout(message);
            return;
        }

        Keep(message);
        if (!_isResendAsked)
        {
            _gapEnd = message.SeqNum;
            AskForResend();
        }
    }

    private void Keep(FixMessage message)
    {
        if (Profile.KeepsBehindGap)
        {
            _ahead.TryAdd(message.SeqNum, message);
        }
    }

    private void AskForResend()
    {
        _isResendAsked = true;
        _resendAskedNs = _world.NowNs;
        Send("2", "", string.Create(CultureInfo.InvariantCulture, $"7={NextIn}{FixText.Soh}16=0{FixText.Soh}"));
    }

    private void Continue()
    {
        while (_ahead.Remove(NextIn, out FixMessage? next))
        {
            if (next.Type == "2")
            {
                // It was answered when it came.
                NextIn++;
                continue;
            }

            Process(next);
        }

        while (_ahead.Count > 0 && _ahead.First().Key < NextIn)
        {
            _ahead.Remove(_ahead.First().Key);
        }

        _isResendAsked &= NextIn <= _gapEnd;
        _resendAskedNs = _world.NowNs;
    }

    private void Process(FixMessage message)
    {
        if (message.Type == "4")
        {
            long next = message.Number(36);
            if (next <= NextIn)
            {
                _observer.OnOffence(this, "numbers", $"NewSeqNo {next} does not raise {NextIn}: {message}");
            }

            NextIn = next;
            return;
        }

        NextIn++;
        switch (message.Type)
        {
            case "0" or "A":
                break;
            case "1":
                Send("0", "", $"112={message[112]}{FixText.Soh}");
                break;
            case "2":
                Resend(message.Number(7), message.Number(16));
                break;
            case "5":
                OnLogout(message);
                break;
            default:
                _trader.OnReport(message);
                break;
        }
    }

    private void OnLogout(FixMessage message)
    {
        string text = message[58] ?? "";
        bool isConfirmation = State == ClientState.LoggingOut && text.Length == 0;
        if (!isConfirmation && text != "Ended by the operator" && !IsEarned(text))
        {
            _observer.OnOffence(this, "logout", $"logged out without a cause: {message}");
        }

        if (State == ClientState.LoggedOn)
        {
            Send("5", "", "");
        }

        Drop("logged out: " + text);
    }

    // A client that was stopped or cut off may well have been silent.
    private static bool IsEarned(string text) => text.StartsWith("Nothing received", StringComparison.Ordinal);

    private void Resend(long from, long to)
    {
        long last = to == 0 ? NextOut - 1 : Math.Min(to, NextOut - 1);
        long gapFrom = 0;
        if (from < 1 || from > last)
        {
            _observer.OnOffence(this, "resend request", $"asked for {from} to {to}, sent were 1 to {NextOut - 1}");
            return;
        }

        for (long number = from; number <= last; number++)
        {
            SentMessage message = _sent[(int)number - 1];
            bool isStale = Profile.DropsStaleOrders && !message.IsAdmin;
            if (message.IsAdmin || isStale)
            {
                if (isStale)
                {
                    _trader.OnGivenUp(message);
                }

                gapFrom = gapFrom == 0 ? number : gapFrom;
                continue;
            }

            FillGap(ref gapFrom, number);
            Transmit(message, $"43=Y{FixText.Soh}122={message.SendingTime}{FixText.Soh}");
        }

        FillGap(ref gapFrom, last + 1);
    }

    private void FillGap(ref long gapFrom, long next)
    {
        if (gapFrom == 0)
        {
            return;
        }

        string now = Timestamp();
        SentMessage fill = new(gapFrom, "4", "", string.Create(CultureInfo.InvariantCulture, $"123=Y{FixText.Soh}36={next}{FixText.Soh}"), now, _world.NowNs, false);
        Transmit(fill, $"43=Y{FixText.Soh}122={now}{FixText.Soh}");
        gapFrom = 0;
    }
}
