namespace Exchange.Tidy;

/// <summary>
/// A rule of the repository. It sees a tree of files and nothing else, so that a planted violation in a made-up tree can prove
/// that the rule is able to fail.
/// </summary>
internal interface IRule
{
    /// <summary>Every place that breaks the rule.</summary>
    IEnumerable<Violation> Check(SourceTree tree);
}
