namespace Exchange.Host.Client.Terminal;

/// <summary>One side of a quote as typed.</summary>
/// <param name="IsGiven">Whether the side is meant at all; otherwise it stays as it is.</param>
/// <param name="Quantity">BidSize (134) or OfferSize (135); 0 withdraws the side.</param>
/// <param name="Price">BidPx (132) or OfferPx (133).</param>
internal readonly record struct QuotedSide(bool IsGiven, decimal Quantity, decimal Price);
