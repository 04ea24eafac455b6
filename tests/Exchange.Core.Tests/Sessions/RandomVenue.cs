using Exchange.Protocol;
using Exchange.Protocol.Commands;
using Exchange.Protocol.Events;

namespace Exchange.Core.Tests.Sessions;

/// <summary>One random command after another from one seed; mostly sensible, since nonsense alone would never get far.</summary>
internal sealed class RandomVenue
{
    private readonly CoreHarness _exchange;
    private readonly Random _random;
    private readonly ClientHarness[] _clients;
    private long _incarnation = 100;
    private long _connection;
    private int _orders;

    public RandomVenue(CoreHarness exchange, int seed, int sessions)
    {
        _exchange = exchange;
        _random = new Random(seed);
        _clients = new ClientHarness[sessions];
        for (int i = 0; i < sessions; i++)
        {
            _clients[i] = exchange.Client(i, ++_connection);
        }
    }

    public void Step()
    {
        _exchange.After(_random.NextDouble() * (_random.Next(50) == 0 ? 20 : 0.1));
        int session = _random.Next(_clients.Length);
        ClientHarness client = _clients[session];
        if (!_exchange.Core.Sessions[session].IsLoggedOn && _random.Next(4) != 0)
        {
            Logon(session);
            return;
        }

        // The client counts as the exchange does; Skewed makes its mistakes.
        client.Next = _exchange.Core.Sessions[session].NextIn;
        switch (_random.Next(1_000))
        {
            case 0:
                _exchange.StartTerm(_exchange.Term + 1);
                Attach();
                break;
            case 1:
                Attach();
                break;
            case 2:
                _exchange.Lose(gateway: 1, _incarnation);
                Attach();
                break;
            case 3:
                _exchange.After(_random.Next(86_400)).TimerDue();
                break;
            case 4:
                _exchange.Define(CoreHarness.Participant($"HFT{session + 1}", _random.Next(4) == 0 ? ParticipantFlags.Disabled : ParticipantFlags.CancelOnDisconnect));
                break;
            case 5 or 6:
                client.ConnectionLost();
                break;
            case < 20:
                Logon(session);
                break;
            case < 50:
                Ask(Skewed(client));
                break;
            case < 60:
                _exchange.After(0.001).TimerDue();
                break;
            case 60:
                _exchange.News("Halt", _random.Next(3) == 0 ? "\n" : "At noon");
                break;
            case < 300:
                SendSessionMessage(client, session);
                break;
            default:
                SendOrder(Skewed(client));
                break;
        }
    }

    private void Attach() => _exchange.Attach(gateway: 1, ++_incarnation);

    private void Logon(int session)
    {
        if ((_exchange.Core.Sessions[session].Definition.Flags & ParticipantFlags.Disabled) != 0 && _random.Next(3) == 0)
        {
            _exchange.Define(CoreHarness.Participant($"HFT{session + 1}", ParticipantFlags.CancelOnDisconnect));
        }

        ClientHarness client = _clients[session];
        if (_random.Next(3) != 0)
        {
            client = _exchange.Client(session, ++_connection);
            client.Incarnation = _incarnation;
            _clients[session] = client;
        }

        client.Next = _exchange.Core.Sessions[session].NextIn;
        client.Term = _exchange.Term - (_random.Next(20) == 0 ? 1 : 0);
        bool isReset = _random.Next(6) == 0;
        client.Next = isReset ? 1 : Math.Max(1, client.Next + (_random.Next(5) == 0 ? _random.Next(-3, 4) : 0));
        long nextOut = isReset ? 1 : _exchange.Core.Sessions[session].NextOut;
        client.Logon(_random.Next(30) == 0 ? 0 : 30, _random.Next(3) == 0 ? Math.Max(0, nextOut + 1 - _random.Next(12)) : null, isReset);
    }

    private void SendSessionMessage(ClientHarness client, int session)
    {
        ClientHarness sender = Skewed(client);
        switch (_random.Next(14))
        {
            case 0:
                sender.Heartbeat();
                break;
            case 1:
                sender.TestRequest("hello");
                break;
            case 2:
                int sent = (int)_exchange.Core.Sessions[session].NextOut;
                sender.ResendRequest(_random.Next(-1, sent + 2), _random.Next(3) == 0 ? _random.Next(-1, sent + 40) : 0);
                break;
            case 3:
                sender.GapFill(sender.Next + _random.Next(-1, 4));
                break;
            case 4:
                sender.SequenceReset(_random.Next(200) == 0 ? long.MaxValue : client.Next + _random.Next(-1, 4));
                break;
            case 5:
                sender.ClientReject();
                break;
            case 6:
                if (_random.Next(4) == 0)
                {
                    sender.Logout();
                }

                break;
            case 7:
                sender.Invalid((GatewayVerdict)_random.Next(1, _random.Next(8) == 0 ? 7 : 3), (ushort)_random.Next(12), _random.Next(100));
                break;
            case 8:
                client.HeartbeatDue();
                break;
            case 9 or 10:
                client.TestRequestDue();
                if (_exchange.LastEvents.Count == 1 && _exchange.LastHeader(0).Type == EventType.TestRequest)
                {
                    sender.Heartbeat(_exchange.OurTestReqId());
                }

                break;
            case 11:
                if (_random.Next(4) != 0)
                {
                    break;
                }

                client.LogoutDue(_random.Next(2) == 0 ? ReasonCode.Operator : ReasonCode.PeerSilent);
                break;
            default:
                _exchange.TimerDue();
                break;
        }
    }

    private void Ask(ClientHarness client)
    {
        string symbol = _random.Next(3) switch { 0 => "AAPL", 1 => "MSFT", _ => "" };
        char scope = "17173"[_random.Next(5)];
        string id = $"m{(_random.Next(8) == 0 ? _random.Next(_orders + 1) : _orders++)}";
        switch (_random.Next(7))
        {
            case 0 or 1:
                client.MassStatus(id, scope, symbol, _random.Next(4) == 0 ? Side.Sell : Side.None);
                break;
            case 2:
                client.MassCancel(id, scope, symbol, _random.Next(2) == 0 ? Side.Buy : Side.None);
                break;
            case 3:
                client.SecurityList(id, "04"[_random.Next(2)], symbol);
                break;
            case 4:
                client.SecurityDefinition(id, "013"[_random.Next(3)], symbol);
                break;
            case 5:
                client.SecurityStatus(id, symbol, "012"[_random.Next(3)]);
                break;
            default:
                client.TradingSessionStatus(id, _random.Next(2) == 0 ? "1" : symbol);
                break;
        }
    }

    private void SendOrder(ClientHarness client)
    {
        TimeInForce timeInForce = (TimeInForce)"0013 4"[_random.Next(6)];
        string id = $"o{(_random.Next(30) == 0 ? _random.Next(_orders + 1) : _orders++)}";
        switch (_random.Next(5))
        {
            case 0:
                client.Cancel(id, $"o{_random.Next(_orders + 1)}", _random.Next(2) == 0 ? Side.Buy : Side.Sell);
                break;
            case 1 or 2:
                client.Buy(id, _random.Next(0, 20), timeInForce);
                break;
            default:
                client.Sell(id, _random.Next(0, 20), timeInForce);
                break;
        }
    }

    private ClientHarness Skewed(ClientHarness client)
    {
        switch (_random.Next(80))
        {
            case 0:
                return client.At(client.Next + _random.Next(1, 5));
            case 1:
                return client.At(client.Next - _random.Next(1, 5));
            case 2:
                return client.PossDup(Math.Max(0, client.Next - _random.Next(0, 4)), _random.Next(4) == 0 ? null : _exchange.NowNs + _random.Next(-5, 2));
            default:
                return client;
        }
    }
}
