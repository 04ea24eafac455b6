namespace Exchange.Acceptance.Counterparties;

/// <summary>A foreign FIX engine.</summary>
public enum Engine
{
    /// <summary>QuickFIX C++, the engine that most of the field has used.</summary>
    QuickFix,

    /// <summary>jspurefix, which pads BodyLength with zeros.</summary>
    JsPureFix,
}
