using LaboratoryBench.Processes;
using Shop.Web.Predictions;
using Shop.Web.Redundancy;
using Shop.Web.Redundancy.Buyers;
using Shop.Web.Tour;
using Workshop.Tests.Architecture;
using Workshop.Tests.Shop.Web.Predictions;
using Workshop.Tests.Shop.Web.Redundancy.Runs;
using Xunit;

namespace Workshop.Tests.Shop.Web.Tour;

/// <summary>The workshop's questions as pages.</summary>
public sealed class QuestionTests
{
    private static readonly Evidence Nothing = new(
        [],
        new Dictionary<string, long>(StringComparer.Ordinal),
        new Situation([], Conductor: null, LostOrders: null, HasHost: false),
        [],
        Orders: false
    );

    /// <summary>A workshop in which all of it has happened.</summary>
    private static Evidence Everything()
    {
        Membership Of(string state, double weight) => new("iris", state, 0, 0, weight, 0, 0, 0, 0, 0, 0, 0, 0);
        Member Named(string name, params Membership[] memberships) =>
            new(name, "", "active", 0, 0, 0, Slashed: 1, 0, 0, memberships, History: null, Deposited: 1000);
        Part Up(string name, string? role = null) => new(name, "server", "up", role, "up");
        Measurement Run(string mode, PlannedFault fault) =>
            new(
                default,
                mode,
                1,
                1,
                fault.Id,
                1,
                1,
                1,
                1,
                1,
                Lost: 0,
                Doubled: 0,
                Unresolved: 0,
                Failover: null,
                NaiveUnresolved: 1
            );
        return new(
            [
                Named("predictor-bayes", Of("active", 0.9)),
                Named("mine", Of("active", 0.1)),
                Named("liar", Of("jailed", 0)),
            ],
            new Dictionary<string, long>(StringComparer.Ordinal) { ["iris"] = 20 },
            new(
                [
                    Up("registry"),
                    Up("shop-api-1"),
                    Up("shop-api-2"),
                    Up("postgres-1", "primary"),
                    Up("postgres-2", "standby"),
                ],
                new("synchronous", null, 2, 1, null, null, null, true, null, null, null, RunSample.Failover, []),
                LostOrders: [],
                HasHost: true
            ),
            [.. PlannedFault.All.SelectMany(fault => new[] { Run("synchronous", fault), Run("asynchronous", fault) })],
            Orders: true
        );
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Ids => [.. Question.All.Select(question => question.Id)];

    [Fact]
    public void Every_question_of_the_workshop_has_a_page() =>
        Assert.Equal(
            [
                "A-Q1",
                "A-Q2",
                "A-Q4",
                "A-Q5",
                "A, definition",
                "B-Q1",
                "B-Q2",
                "B-Q3",
                "B-Q4",
                "B-Q5",
                "B-Q6",
                "B-Q7",
                "B-Q8",
            ],
            Question.All.Select(question => question.Number),
            StringComparer.Ordinal
        );

    [Theory]
    [MemberData(nameof(Ids))]
    public void Nothing_is_ticked_before_it_has_happened_and_the_code_is_where_the_page_says(string id)
    {
        var question = Question.Find(id)!;

        Assert.NotEmpty(question.Ticks);
        Assert.DoesNotContain(question.Ticks, tick => tick.Holds(Nothing));
        Assert.InRange(question.Guess.Right, 0, question.Guess.Choices.Count - 1);
        Assert.All(
            question.Code,
            folder => Assert.True(Directory.Exists(Path.Combine(SourceTree.Root, folder.Folder)), folder.Folder)
        );
    }

    /// <summary>Runs are told by the ids of faults, as the laboratory writes them.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_tick_can_be_earned(string id)
    {
        var question = Question.Find(id)!;

        Assert.All(question.Ticks, tick => Assert.True(tick.Holds(Everything()), tick.Words));
    }

    [Theory]
    [InlineData("Basic_Implementation", "Shop.Api/Storage/BasicImplementation")]
    [InlineData("Synchronous_Mirroring", "Shop.Api/Storage/SynchronousMirroring")]
    [InlineData("Asynchronous-Replication", "Shop.Api/Storage/AsynchronousReplication")]
    public void The_workshops_own_folder_names_are_mapped(string name, string folder) =>
        Assert.Contains(
            Question.All.SelectMany(question => question.Code),
            code =>
                string.Equals(code.Folder, folder, StringComparison.Ordinal)
                && code.What.Contains(name, StringComparison.Ordinal)
        );

    [Fact]
    public async Task A_question_is_answered_after_the_guess_and_ticked_by_what_happened()
    {
        await using var lab = LabServers.Start();
        await using var member = await StubMember.Says(0.9, 0.1, 0);
        var before = await lab.Page("/tour/a-q5", Ct);
        await lab.Join("mine", member.Url, Ct);

        var after = await lab.Page("/tour/a-q5?guess=0", Ct);
        var first = await lab.Page("/tour/a-q1", Ct);

        Assert.DoesNotContain("data-testid=\"answer\"", before, StringComparison.Ordinal);
        Assert.DoesNotContain("data-holds=\"true\"", before, StringComparison.Ordinal);
        Assert.Contains("No: Within a few batches", after, StringComparison.Ordinal);
        Assert.Contains("data-holds=\"true\"", after, StringComparison.Ordinal);
        Assert.Contains("Done.", first, StringComparison.Ordinal);
        Assert.Contains($"localhost:{lab.ConsensusPort}/ledger", after, StringComparison.Ordinal);
    }
}
