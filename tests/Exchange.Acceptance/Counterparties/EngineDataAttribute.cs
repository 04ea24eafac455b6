using System.Reflection;
using Xunit.Sdk;

namespace Exchange.Acceptance.Counterparties;

/// <summary>A run opposite a foreign engine, in one version of FIX and over one kind of wire; where there is no such engine it is skipped and says why.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class EngineDataAttribute : DataAttribute
{
    private readonly Engine _engine;
    private readonly string _version;
    private readonly Wire _wire;

    /// <summary>Decides when the test is found.</summary>
    public EngineDataAttribute(Engine engine, string version, Wire wire)
    {
        (_engine, _version, _wire) = (engine, version, wire);
        Skip = engine == Engine.JsPureFix ? Setup.NoJsPureFix : wire == Wire.Tcp ? Setup.NoQuickFix : Setup.NoQuickFixOverTls;
    }

    /// <inheritdoc/>
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[_engine, _version, _wire]];
}
