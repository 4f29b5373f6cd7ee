using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Workshop.Ledger.Mechanism;
using Workshop.Tests.Architecture;
using Xunit;

namespace Workshop.Tests.Ledger.Mechanism;

/// <summary>The worked example of docs/mechanism.md, played again.</summary>
public sealed class ExampleTests
{
    private const string Begin = "<!-- example: begin -->\n";

    private const string End = "<!-- example: end -->";

    private static readonly string[] Names = ["ann", "bob", "cat", "dan", "eve", "fay"];

    [Fact]
    public void The_table_of_the_document_is_what_the_mechanism_gives()
    {
        var document = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "mechanism.md"));
        var begin = document.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;

        Assert.Equal(Table(), document[begin..document.IndexOf(End, StringComparison.Ordinal)]);
    }

    [Fact]
    public void A_weight_is_the_product_of_its_three_factors_and_copies_share_one()
    {
        var state = Play();
        double Weight(string name) =>
            state.Members[name].Memberships["iris"].Weight(Network.All["iris"], state.Parameters);

        Assert.Equal(Weight("ann"), Weight("bob"), 12);
        Assert.InRange((Weight("ann") + Weight("bob")) / Weight("cat"), 0.8, 1.2);
        Assert.True(Weight("fay") < 0.2 * Weight("cat"));
    }

    private static string Table()
    {
        var state = Play();
        var network = Network.All["iris"];
        var table = new StringBuilder("| member | c | w | u | W = c w u | share of the consensus |\n");
        table.Append("| --- | --: | --: | --: | --: | --: |\n");
        var all = Names.Select(name => state.Members[name].Memberships["iris"]).ToArray();
        var total = all.Sum(member => member.StakeCents * member.Weight(network, state.Parameters));
        foreach (var (name, member) in Names.Zip(all))
        {
            var weight = member.Weight(network, state.Parameters);
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {name} | {member.ClaimedSkill(network, state.Parameters):0.000} | {member.Quality:0.000} "
            );
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {member.Originality:0.000} | {weight:0.000} | {member.StakeCents * weight / total * 100:0.0} % |\n"
            );
        }

        return table.ToString();
    }

    private static State Play()
    {
        var state = Scenario.Apply(State.Empty, new RulesEntry(Parameters.Default));
        foreach (var name in Names)
        {
            state = Scenario.Apply(state, Scenario.Join(name, "iris") with { Founder = true });
        }

        for (var batch = 0; batch < 10; batch++)
        {
            state = Scenario.Apply(state, Ask(batch));
        }

        return state;
    }

    private static BatchEntry Ask(int batch) =>
        new(
            "iris",
            batch,
            [.. Enumerable.Range(0, 32).Select(row => string.Create(CultureInfo.InvariantCulture, $"{batch}.{row}"))],
            [new(0, 0), new(1, 1), new(2, 2)],
            [
                .. Names.Select(name => new MemberAnswers(
                    name,
                    [.. Enumerable.Range(0, 32).Select(row => Answer(name, row))],
                    []
                )),
            ],
            null
        );

    private static ImmutableArray<long> Answer(string name, int row)
    {
        var errs = name switch
        {
            "cat" => row % 10 == 5,
            "dan" => row % 10 == 7,
            "eve" => row % 10 == 9,
            "fay" => row % 4 == 3,
            _ => row % 10 == 4,
        };
        return Scenario.Says((row + (errs ? 1 : 0)) % 3);
    }
}
