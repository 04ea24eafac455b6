namespace Exchange.Acceptance.Support;

/// <summary>Bodies of order messages.</summary>
internal static class Orders
{
    public const string Buy = "1";
    public const string Sell = "2";
    public const string GoodTillCancel = "1";

    public static (int Tag, string Value)[] New(string id, string side, int quantity, decimal price, string symbol = "AAPL", string timeInForce = GoodTillCancel) =>
        [(11, id), (55, symbol), (54, side), (60, FixClient.Now()), (38, $"{quantity}"), (40, "2"), (44, FormattableString.Invariant($"{price}")), (59, timeInForce)];

    public static (int Tag, string Value)[] Cancel(string id, string original, string side, string symbol = "AAPL") =>
        [(41, original), (11, id), (55, symbol), (54, side), (60, FixClient.Now())];

    public static (int Tag, string Value)[] Replace(string id, string original, string side, int quantity, decimal price, string symbol = "AAPL") =>
        [(41, original), (11, id), (55, symbol), (54, side), (60, FixClient.Now()), (38, $"{quantity}"), (40, "2"), (44, FormattableString.Invariant($"{price}")), (59, GoodTillCancel)];

    public static (int Tag, string Value)[] Status(string id, string side, string symbol = "AAPL") => [(11, id), (55, symbol), (54, side)];
}
