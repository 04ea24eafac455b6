namespace Exchange.Benchmarks.Core;

/// <summary>A stream that every engine in the table of peers was measured with, and the result that each of them must reach.</summary>
/// <param name="Name">Name in the table.</param>
/// <param name="LiveTarget">Orders resting in the steady state.</param>
/// <param name="Seed">Seed of the generator.</param>
/// <param name="Trades">Trades at the end.</param>
/// <param name="Hash">Hash over all trades.</param>
internal sealed record BookStreamCase(string Name, int LiveTarget, ulong Seed, long Trades, ulong Hash)
{
    /// <summary>Operations of each stream.</summary>
    public const int OperationCount = 5_000_000;

    /// <summary>The three streams.</summary>
    public static IReadOnlyList<BookStreamCase> All { get; } =
    [
        new("mix1k", 1_000, 3, 996_211, 0xee64fe9144c82161UL),
        new("mix10k", 10_000, 1, 1_040_131, 0x415db87da48fa282UL),
        new("mix200k", 200_000, 2, 1_344_038, 0x9940f6e20406b41eUL),
    ];

    /// <summary>Makes the stream.</summary>
    public BookOperation[] Generate() => BookStream.Generate(OperationCount, LiveTarget, Seed);
}
