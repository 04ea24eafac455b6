namespace Exchange.Cluster;

/// <summary>When a command counts as committed, so that its effects may leave.</summary>
public enum Durability
{
    /// <summary>Once each batch is flushed to the device of a majority. The default of a single member.</summary>
    Fsync,

    /// <summary>Once it is in the memory-mapped log of a majority; flushed behind. A killed process loses nothing, a host without power may.</summary>
    Replicated,
}
