namespace Exchange.Host.Local;

/// <summary>How one process of an exchange is started.</summary>
/// <param name="Name">For example gateway-2.</param>
/// <param name="Role">member, witness, gateway, or member+gateway when composed.</param>
/// <param name="MemberId">The member it is, or serves.</param>
/// <param name="LogFile">Log file.</param>
/// <param name="Arguments">Verb and options.</param>
/// <param name="FixAddress">host:port for FIX where it is known beforehand; otherwise empty.</param>
internal sealed record ProcessSpec(string Name, string Role, int MemberId, string LogFile, IReadOnlyList<string> Arguments, string FixAddress);
