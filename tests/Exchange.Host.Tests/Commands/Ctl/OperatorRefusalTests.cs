using System.Text.Json.Nodes;
using Exchange.Host.Commands.Ctl;
using Exchange.Host.Operations;

namespace Exchange.Host.Tests.Commands.Ctl;

/// <summary>What an operator is kept from, because it could lose what was acknowledged.</summary>
public sealed class OperatorRefusalTests
{
    [Fact]
    public void A_member_is_rebuilt_while_all_others_are_whole() =>
        Assert.Null(RebuildCommand.Refusal(Report(Down(1), Up(2, 500), Up(3, 500)), 1, static _ => false));

    [Fact]
    public void A_member_is_not_rebuilt_while_another_is_down() =>
        Assert.Contains("member 2 is down", RebuildCommand.Refusal(Report(Up(1, 500), Down(2), Up(3, 500)), 1, static _ => false), StringComparison.Ordinal);

    [Fact]
    public void A_member_is_not_rebuilt_while_another_recovers() =>
        Assert.Contains("member 3 is recovering", RebuildCommand.Refusal(Report(Up(1, 500), Up(2, 500), Up(3, 500, "recovering")), 1, static _ => false), StringComparison.Ordinal);

    [Fact]
    public void A_member_is_not_rebuilt_while_another_is_to_be()
    {
        Assert.Contains("member 2 is to be rebuilt", RebuildCommand.Refusal(Report(Up(1, 500), Up(2, 500), Up(3, 500)), 1, static id => id == 2), StringComparison.Ordinal);
        Assert.Contains("member 2 is to be rebuilt", RebuildCommand.Refusal(Report(Up(1, 500), Up(2, 500, "rebuild_requested"), Up(3, 500)), 1, static _ => false), StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_is_promoted_when_nobody_else_answers()
    {
        MemberReport chosen = Up(1, 500);
        Assert.Null(PromoteCommand.Refusal(Report(chosen, Down(2)), chosen));
    }

    [Fact]
    public void A_member_is_not_promoted_while_another_answers_and_both_ends_are_named()
    {
        MemberReport chosen = Up(1, 500);
        string? refusal = PromoteCommand.Refusal(Report(chosen, Up(2, 700)), chosen);
        Assert.Contains("member 2 answers: its log ends at 700, that of member 1 at 500", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_is_not_promoted_when_the_last_leader_had_more()
    {
        MemberReport chosen = Up(1, 500);
        chosen.Answer!["leader_position"] = 700L;
        Assert.Contains("committed up to 700, the log of member 1 ends at 500", PromoteCommand.Refusal(Report(chosen, Down(2)), chosen), StringComparison.Ordinal);
    }

    private static ClusterReport Report(params MemberReport[] members) => new(members);

    private static MemberReport Up(int id, long end, string flag = "none") =>
        new(new OperatorMember(id, "engine", string.Empty, string.Empty), new JsonObject { ["id"] = id, ["append_position"] = end, [flag] = true }, string.Empty);

    private static MemberReport Down(int id) => new(new OperatorMember(id, "engine", string.Empty, string.Empty), null, "refused");
}
