// Orders of all the kinds that the trading rules know.
using System.Globalization;
using Exchange.Simulation.Engine;

namespace Exchange.Simulation.Clients;

internal sealed partial class Trader
{
    private static readonly string[] s_accounts = ["", "", "ACC", "HOUSE"];
    private static readonly string[] s_inForce = ["0", "0", "1", "6"];

    private void OrderByRules(bool isBuy, long limitTicks)
    {
        long quantity = _chance.Between(1, 50);
        string price = Price(limitTicks);
        // Above the market for a buy, below for a sell, and now and then where it has been already.
        string stop = Price(MiddleTicks + ((isBuy ? 1 : -1) * _chance.Between(-2, 8)));
        string inForce = _chance.Pick(s_inForce);
        string more = "";
        string kind = "2";
        switch (_chance.Below(12))
        {
            case 0:
                (kind, price, more) = ("3", "", Tag(99, stop));
                break;
            case 1:
                (kind, more) = ("4", Tag(99, stop));
                break;
            case 2 or 3:
                more = Tag(111, _chance.Between(1, quantity).ToString(CultureInfo.InvariantCulture));
                break;
            case 4:
                more = Tag(18, "6");
                break;
            case 5:
                (inForce, more) = (_chance.PerMille(500) ? "3" : "0", Tag(110, _chance.Between(1, quantity).ToString(CultureInfo.InvariantCulture)));
                break;
            case 6:
                (kind, price) = ("K", "");
                break;
            case 7:
                inForce = _chance.PerMille(500) ? "2" : "7";
                break;
            case 8:
                (kind, price, inForce) = ("1", "", _chance.PerMille(500) ? "3" : "0");
                break;
            case 9:
                more = Tag(2362, _chance.PerMille(500) ? "DESK1" : "DESK2") + (_chance.PerMille(700) ? Tag(2964, _chance.Between(1, 4).ToString(CultureInfo.InvariantCulture)) : "");
                break;
            case 10:
                (inForce, more) = ("4", "");
                break;
            default:
                break;
        }

        if (inForce == "6")
        {
            more += Tag(126, FixText.Timestamp(SimulatedTime.TrueUnixNs(_client.NowNs) + _chance.Between(5_000_000, 4_000_000_000), 3));
        }

        string account = _chance.Pick(s_accounts);
        string body = $"{(account.Length == 0 ? "" : Tag(1, account))}{Tag(55, _chance.Pick(s_symbols))}{Tag(54, isBuy ? "1" : "2")}{Tag(60, Now())}"
            + $"{Tag(38, quantity.ToString(CultureInfo.InvariantCulture))}{Tag(40, kind)}{(price.Length == 0 ? "" : Tag(44, price))}{Tag(59, inForce)}{more}";
        Request("D", body);
    }

    private void ReplaceByRules(TraderOrder order)
    {
        decimal quantity = Math.Max(1, order.Quantity + _chance.Between(-10, 5));
        string stop = order.StopPrice.Length == 0 ? "" : Tag(99, (decimal.Parse(order.StopPrice, CultureInfo.InvariantCulture) + (_chance.Between(-2, 2) * 0.01m)).ToString("0.00", CultureInfo.InvariantCulture));
        string price = order.Price == 0 ? "" : Tag(44, order.Price.ToString("0.00", CultureInfo.InvariantCulture));
        Request(
            "G",
            $"{Tag(41, order.ClOrdId)}{Tag(55, order.Symbol)}{Tag(54, order.Side)}{Tag(60, Now())}{Tag(38, quantity.ToString(CultureInfo.InvariantCulture))}{Tag(40, order.Kind)}{price}{stop}");
    }

    private static string Tag(int tag, string value) => string.Create(CultureInfo.InvariantCulture, $"{tag}={value}{FixText.Soh}");
}
