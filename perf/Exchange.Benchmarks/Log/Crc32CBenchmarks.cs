using BenchmarkDotNet.Attributes;
using Exchange.Log.Platform;

namespace Exchange.Benchmarks.Log;

/// <summary>The checksum of an entry's bytes, per call.</summary>
public class Crc32CBenchmarks
{
    private byte[] _bytes = [];

    /// <summary>Length of the input.</summary>
    [Params(64, 232, 4096)]
    public int LengthBytes { get; set; }

    /// <summary>Makes the input.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _bytes = new byte[LengthBytes];
        new Random(1).NextBytes(_bytes);
    }

    /// <summary>CRC-32C of the whole input.</summary>
    [Benchmark]
    public uint Checksum() => Crc32C.Of(_bytes);
}
