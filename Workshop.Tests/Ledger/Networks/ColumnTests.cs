using Workshop.Ledger.Networks;
using Xunit;

namespace Workshop.Tests.Ledger.Networks;

public sealed class ColumnTests
{
    [Theory]
    [InlineData("iris", "sepalLength", "5.1")]
    [InlineData("iris", "sepalLength", "+5.1e0")]
    [InlineData("titanic", "age", "")]
    [InlineData("titanic", "age", "0.1667")]
    [InlineData("titanic", "embarked", "")]
    [InlineData("titanic", "passengerClass", "3.0")]
    [InlineData("titanic", "cabinKnown", "true")]
    [InlineData("housing", "neighborhood", "Hayden_Lake")]
    public void A_value_of_the_domain_is_read(string network, string column, string text) =>
        Assert.Null(Find(network, column).Read(text, out _));

    [Theory]
    [InlineData("iris", "sepalLength", "")]
    [InlineData("iris", "sepalLength", "abc")]
    [InlineData("iris", "sepalLength", "NaN")]
    [InlineData("iris", "sepalLength", "Infinity")]
    [InlineData("iris", "sepalLength", "-Infinity")]
    [InlineData("iris", "sepalLength", "1e400")]
    [InlineData("iris", "sepalLength", "-1")]
    [InlineData("iris", "sepalLength", "0")]
    [InlineData("iris", "sepalLength", "1,000")]
    [InlineData("iris", "sepalLength", " 5.1")]
    [InlineData("iris", "sepalLength", "0x10")]
    [InlineData("iris", "sepalLength", "5.1\0")]
    [InlineData("iris", "sepalLength", "٥")]
    [InlineData("titanic", "passengerClass", "0")]
    [InlineData("titanic", "passengerClass", "4")]
    [InlineData("titanic", "passengerClass", "1.5")]
    [InlineData("titanic", "passengerClass", "")]
    [InlineData("titanic", "sex", "Male")]
    [InlineData("titanic", "cabinKnown", "1")]
    [InlineData("titanic", "cabinKnown", "")]
    [InlineData("housing", "neighborhood", "Springfield")]
    public void A_value_outside_the_domain_is_refused_with_a_reason(string network, string column, string text) =>
        Assert.NotEmpty(Find(network, column).Read(text, out _)!);

    private static Column Find(string network, string column) =>
        Schema.Find(network)!.Columns.Single(known => string.Equals(known.Name, column, StringComparison.Ordinal));
}
