namespace Exchange.Fix.Dictionary;

/// <summary>How the value of a field is written (FIX datatypes, those with the same text form folded into one).</summary>
public enum FixDataType : byte
{
    /// <summary>String, Exchange: any bytes but SOH.</summary>
    Text,

    /// <summary>char: one byte.</summary>
    Char,

    /// <summary>int: digits, perhaps with a minus sign.</summary>
    Int,

    /// <summary>SeqNum: digits.</summary>
    SeqNum,

    /// <summary>Length: digits.</summary>
    Length,

    /// <summary>NumInGroup: digits; entries of a repeating group follow.</summary>
    NumInGroup,

    /// <summary>float, Qty, Price, PriceOffset, Amt, Percentage: digits with at most one point, perhaps with a minus sign.</summary>
    Decimal,

    /// <summary>Boolean: Y or N.</summary>
    Boolean,

    /// <summary>UTCTimestamp: yyyyMMdd-HH:mm:ss with 0, 3, 6 or 9 decimals.</summary>
    UtcTimestamp,

    /// <summary>UTCDateOnly, LocalMktDate: yyyyMMdd.</summary>
    Date,

    /// <summary>UTCTimeOnly: HH:mm:ss with 0, 3, 6 or 9 decimals.</summary>
    UtcTime,

    /// <summary>MonthYear: yyyyMM, yyyyMMdd or yyyyMMw1 to yyyyMMw5.</summary>
    MonthYear,

    /// <summary>DayOfMonth: 1 to 31.</summary>
    DayOfMonth,

    /// <summary>Currency: three letters (ISO 4217).</summary>
    Currency,

    /// <summary>Country: two letters (ISO 3166).</summary>
    Country,

    /// <summary>MultipleValueString: values separated by single spaces.</summary>
    MultipleText,

    /// <summary>data, XMLData: as many bytes as the length field before it says, SOH allowed.</summary>
    Data,
}
