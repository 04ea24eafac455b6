namespace Exchange.Host.Client.Terminal;

/// <summary>What the user wants of the terminal.</summary>
internal enum TerminalVerb
{
    /// <summary>An empty line or a comment.</summary>
    Nothing,

    /// <summary>A new order.</summary>
    Order,

    /// <summary>Enter, change or withdraw a quote.</summary>
    Quote,

    /// <summary>Withdraw quotes.</summary>
    Unquote,

    /// <summary>Cancel an order.</summary>
    Cancel,

    /// <summary>Change quantity and price of an order.</summary>
    Replace,

    /// <summary>Ask for the state of an order.</summary>
    Status,

    /// <summary>Show the own orders.</summary>
    Orders,

    /// <summary>Show the own fills.</summary>
    Fills,

    /// <summary>Show the session's numbers and counters.</summary>
    Session,

    /// <summary>Send a message as typed.</summary>
    Raw,

    /// <summary>Ask for messages again.</summary>
    Resend,

    /// <summary>Send a TestRequest.</summary>
    TestRequest,

    /// <summary>Reset both sequence numbers.</summary>
    Reset,

    /// <summary>Connect and log on.</summary>
    Connect,

    /// <summary>Cut the connection without a Logout.</summary>
    Disconnect,

    /// <summary>Log out.</summary>
    Logout,

    /// <summary>Show or hide every message that goes in or out.</summary>
    Trace,

    /// <summary>Wait, in scripts.</summary>
    Sleep,

    /// <summary>Explain the commands.</summary>
    Help,

    /// <summary>Log out and leave.</summary>
    Quit,
}
