using Exchange.Protocol.Text;

namespace Exchange.Core.Markets;

/// <summary>A session that wants to know the state of an instrument or market group whenever it changes.</summary>
internal struct Subscriber
{
    /// <summary>The session.</summary>
    public int SessionId;

    /// <summary>SecurityStatusReqID (324) or TradSesReqID (335), repeated in every message.</summary>
    public Text40 RequestId;
}
