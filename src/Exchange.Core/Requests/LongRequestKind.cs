namespace Exchange.Core.Requests;

/// <summary>The requests whose answers have no limit but the number of orders or instruments.</summary>
internal enum LongRequestKind : byte
{
    /// <summary>Not a request.</summary>
    None = 0,

    /// <summary>OrderMassStatusRequest (AF).</summary>
    MassStatus = 1,

    /// <summary>OrderMassCancelRequest (q).</summary>
    MassCancel = 2,

    /// <summary>OrderMassActionRequest (CA).</summary>
    MassAction = 5,

    /// <summary>SecurityListRequest (x) for all instruments.</summary>
    SecurityList = 3,

    /// <summary>SecurityDefinitionRequest (c) for all instruments, one message each.</summary>
    SecurityDefinitions = 4,
}
