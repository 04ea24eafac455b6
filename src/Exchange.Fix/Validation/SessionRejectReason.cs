namespace Exchange.Fix.Validation;

/// <summary>SessionRejectReason (373).</summary>
public enum SessionRejectReason : byte
{
    /// <summary>Invalid tag number.</summary>
    InvalidTagNumber = 0,

    /// <summary>Required tag missing.</summary>
    RequiredTagMissing = 1,

    /// <summary>Tag not defined for this message type.</summary>
    TagNotDefinedForMessage = 2,

    /// <summary>Tag specified without a value.</summary>
    TagWithoutValue = 4,

    /// <summary>Value is incorrect (out of range) for this tag.</summary>
    ValueOutOfRange = 5,

    /// <summary>Incorrect data format for value.</summary>
    IncorrectDataFormat = 6,

    /// <summary>Decryption problem.</summary>
    DecryptionProblem = 7,

    /// <summary>CompID problem.</summary>
    CompIdProblem = 9,

    /// <summary>SendingTime accuracy problem.</summary>
    SendingTimeAccuracy = 10,

    /// <summary>Invalid MsgType.</summary>
    InvalidMsgType = 11,

    /// <summary>Tag appears more than once.</summary>
    TagAppearsMoreThanOnce = 13,

    /// <summary>Tag specified out of required order.</summary>
    TagOutOfOrder = 14,

    /// <summary>Repeating group fields out of order.</summary>
    GroupFieldsOutOfOrder = 15,

    /// <summary>Incorrect NumInGroup count for repeating group.</summary>
    IncorrectNumInGroup = 16,

    /// <summary>Invalid or unsupported application version (FIXT.1.1).</summary>
    InvalidApplVer = 18,

    /// <summary>Other.</summary>
    Other = 99,

    /// <summary>Nothing is wrong; never sent.</summary>
    None = 255,
}
