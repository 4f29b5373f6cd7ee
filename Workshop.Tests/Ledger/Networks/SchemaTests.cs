using System.Security.Cryptography;
using System.Text;
using Workshop.Ledger.Networks;
using Workshop.Tests.Architecture;
using Xunit;

namespace Workshop.Tests.Ledger.Networks;

/// <summary>The consensus's own copy of the data is what the predictors leave out.</summary>
public sealed class SchemaTests
{
    [Theory]
    [InlineData("iris")]
    [InlineData("titanic")]
    [InlineData("housing")]
    public void The_gold_rows_are_exactly_the_held_out_rows_of_the_predictors_data(string network)
    {
        var all = SourceTree.Lines($"Predictors/Data/{network}.csv");
        var heldOut = all.Skip(1).Where(line => SHA256.HashData(Encoding.UTF8.GetBytes(line))[0] < 26);

        Assert.Equal([all[0], .. heldOut], SourceTree.Lines($"Workshop.Ledger/Data/{network}.csv"));
        Assert.Equal(heldOut.Count(), Schema.Find(network)!.HeldOut.Length);
    }

    [Fact]
    public void A_value_has_one_canonical_form()
    {
        var age = Schema.Find("titanic")!.Columns.Single(column => column.Name is "age");

        Assert.Equal(["33", "33", "0.5", "0", ""], Canonical("33.0", "3.3e1", ".5", "-0", ""), StringComparer.Ordinal);

        IEnumerable<string> Canonical(params string[] values) =>
            values.Select(value => age.ReadCanonical(value, out var canonical) is { } error ? error : canonical);
    }
}
