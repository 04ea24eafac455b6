namespace Exchange.Host.Conformance;

/// <summary>One thing that happens in a scenario.</summary>
/// <param name="Line">Line of the file, from 1.</param>
/// <param name="Text">The line as it stands there.</param>
/// <param name="Client">Which client: 0 is A, 1 is B.</param>
/// <param name="Versions">The versions that it happens in.</param>
internal abstract record ScenarioStep(int Line, string Text, int Client, VersionSet Versions);

/// <summary>The client opens a connection.</summary>
internal sealed record ConnectStep(int Line, string Text, int Client, VersionSet Versions) : ScenarioStep(Line, Text, Client, Versions);

/// <summary>The client closes its connection.</summary>
internal sealed record DisconnectStep(int Line, string Text, int Client, VersionSet Versions) : ScenarioStep(Line, Text, Client, Versions);

/// <summary>The client sends a message.</summary>
internal sealed record SendStep(int Line, string Text, int Client, VersionSet Versions, IReadOnlyList<ScenarioField> Fields) : ScenarioStep(Line, Text, Client, Versions);

/// <summary>The client sends bytes as they stand, with | for SOH.</summary>
internal sealed record SendRawStep(int Line, string Text, int Client, VersionSet Versions, string Template) : ScenarioStep(Line, Text, Client, Versions);

/// <summary>The client must receive a message.</summary>
internal sealed record ReceiveStep(int Line, string Text, int Client, VersionSet Versions, IReadOnlyList<ScenarioField> Fields, TimeRange Within)
    : ScenarioStep(Line, Text, Client, Versions);

/// <summary>The acceptor must close the connection, without another message.</summary>
internal sealed record AwaitCloseStep(int Line, string Text, int Client, VersionSet Versions, TimeRange Within) : ScenarioStep(Line, Text, Client, Versions);

/// <summary>Time passes, in which nothing may be received.</summary>
internal sealed record WaitStep(int Line, string Text, VersionSet Versions, TimeSpan Duration) : ScenarioStep(Line, Text, 0, Versions);

/// <summary>The acceptor's operator does something, by the command that the player was given.</summary>
/// <param name="Words">What is to be done, as the arguments of that command.</param>
internal sealed record OperatorStep(int Line, string Text, VersionSet Versions, IReadOnlyList<string> Words) : ScenarioStep(Line, Text, 0, Versions);

/// <summary>A field of a line.</summary>
/// <param name="Tag">Tag number.</param>
/// <param name="Value">Value or pattern; empty with <paramref name="IsAbsent"/>.</param>
/// <param name="IsAbsent">The field is left out, or must not be there.</param>
/// <param name="Versions">The versions that it is for.</param>
internal sealed record ScenarioField(int Tag, string Value, bool IsAbsent, VersionSet Versions);

/// <summary>When something must happen, counted from the end of the line before; without a rule it is only waited for.</summary>
/// <param name="Min">Not before.</param>
/// <param name="Max">Not after; zero for the player's own patience.</param>
internal readonly record struct TimeRange(TimeSpan Min, TimeSpan Max);
