using Exchange.Tidy.Rules;

namespace Exchange.Tidy;

/// <summary>The rules applied to this repository. A failure lists every place, each with what to do.</summary>
public class RepositoryTests
{
    private static readonly SourceTree Repository = SourceTree.OfRepository();

    [Fact]
    public void Projects_reference_only_what_their_layer_allows() => Holds(new Layering());

    [Fact]
    public void Every_project_is_in_the_solution() => Holds(new SolutionIsWhole());

    [Fact]
    public void The_core_depends_on_nothing_but_its_log() => Holds(new DeterministicCore());

    [Fact]
    public void Files_and_methods_stay_short() => Holds(new Lengths());

    [Fact]
    public void Types_are_where_their_names_say() => Holds(new TypesAndPlaces());

    [Fact]
    public void Source_files_open_with_their_purpose() => Holds(new FileHeads());

    [Fact]
    public void Nothing_is_left_unfinished() => Holds(new NothingUnfinished());

    [Fact]
    public void Suppressions_are_local_and_justified() => Holds(new Suppressions());

    [Fact]
    public void Tests_poll_and_never_sleep_a_fixed_time() => Holds(new PollingTests());

    [Fact]
    public void Links_of_pages_lead_somewhere() => Holds(new Links());

    [Fact]
    public void Tests_that_pages_name_exist() => Holds(new NamedTests());

    [Fact]
    public void No_machine_and_no_feed_is_written_down() => Holds(new NoMachines());

    [Fact]
    public void The_repository_has_the_shape_of_its_design() => Holds(new RepositoryShape());

    [Fact]
    public void The_tree_was_really_read()
    {
        // Guards against rules that hold because they saw nothing.
        Assert.NotNull(Repository.TextOf("src/Exchange.Core/Exchange.Core.csproj"));
        Assert.InRange(Repository.CSharp.Count(), 50, int.MaxValue);
    }

    private static void Holds(IRule rule)
    {
        List<Violation> violations = [.. rule.Check(Repository)];
        Assert.True(violations.Count == 0, $"{rule.GetType().Name}: {violations.Count}\n{string.Join('\n', violations)}");
    }
}
