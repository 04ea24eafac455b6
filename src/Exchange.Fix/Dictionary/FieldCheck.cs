namespace Exchange.Fix.Dictionary;

/// <summary>The routine that checks a value: the field's type and the form of its code set in one number, so that validation branches once.</summary>
internal enum FieldCheck : byte
{
    /// <summary>Any bytes.</summary>
    Any,

    /// <summary>One byte out of a set.</summary>
    CharCode,

    /// <summary>One byte.</summary>
    Char,

    /// <summary>A number out of a set, all below 128.</summary>
    IntCode,

    /// <summary>A number, perhaps negative.</summary>
    Int,

    /// <summary>A number, not negative.</summary>
    Unsigned,

    /// <summary>A decimal.</summary>
    Decimal,

    /// <summary>Y or N.</summary>
    Boolean,

    /// <summary>A UTC timestamp.</summary>
    Timestamp,

    /// <summary>A date.</summary>
    Date,

    /// <summary>A time.</summary>
    Time,

    /// <summary>A month, perhaps with day or week.</summary>
    MonthYear,

    /// <summary>1 to 31.</summary>
    DayOfMonth,

    /// <summary>Three letters.</summary>
    Currency,

    /// <summary>Two letters.</summary>
    Country,

    /// <summary>A text out of a set.</summary>
    TextCode,

    /// <summary>Texts out of a set, separated by spaces.</summary>
    MultipleTextCode,
}
