namespace Exchange.Host.Client.Terminal;

/// <summary>One own execution.</summary>
/// <param name="Time">TransactTime (60), the time of day.</param>
/// <param name="ExecId">ExecID (17).</param>
/// <param name="Order">The order.</param>
/// <param name="Quantity">LastQty (32).</param>
/// <param name="Price">LastPx (31).</param>
internal sealed record BlotterFill(string Time, string ExecId, BlotterOrder Order, decimal Quantity, decimal Price);
