using LaboratoryBench.Failover;
using Workshop.Figures;
using Xunit;

namespace Workshop.Tests.Failover;

public sealed class FailoverOptionsTests
{
    [Fact]
    public void Without_a_word_all_is_measured_as_often_as_the_wanted_figures_ask()
    {
        var options = FailoverOptions.Read([]);

        Assert.Equal((50, 100_000), (options.Kills, options.Requests));
        Assert.Equal(FailoverCommand.Parts.Keys, options.Parts, StringComparer.Ordinal);
    }

    [Fact]
    public void A_part_can_be_measured_alone()
    {
        var options = FailoverOptions.Read(["stops", "--kills", "3", "api"]);

        Assert.Equal(["stops", "api"], options.Parts, StringComparer.Ordinal);
        Assert.Equal(3, options.Kills);
    }

    [Theory]
    [InlineData("everything")]
    [InlineData("--kills", "many")]
    [InlineData("--requests")]
    public void A_bad_word_is_named(params string[] args) =>
        Assert.Contains(
            args[0],
            Assert.Throws<FormatException>(() => FailoverOptions.Read(args)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Every_part_has_its_place_in_the_document_and_its_table_replaces_the_old_one()
    {
        var document = File.ReadAllText(Path.Combine(Architecture.SourceTree.Root, "docs", "storage.md"));

        foreach (var part in FailoverCommand.Parts.Keys)
        {
            var once = FigureDocument.Replace(document, FailoverCommand.Mark(part), "a table");

            Assert.Contains("a table", once, StringComparison.Ordinal);
            Assert.Equal(
                FigureDocument.Replace(document, FailoverCommand.Mark(part), "another"),
                FigureDocument.Replace(once, FailoverCommand.Mark(part), "another"),
                StringComparer.Ordinal
            );
        }

        Assert.Throws<InvalidOperationException>(() =>
            FigureDocument.Replace(document, FailoverCommand.Mark("weather"), "")
        );
    }
}
