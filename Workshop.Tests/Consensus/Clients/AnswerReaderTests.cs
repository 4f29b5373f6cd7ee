using System.Text;
using Consensus.Clients;
using CsCheck;
using LaboratoryBench.Processes;
using Workshop.Ledger.Mechanism;
using Xunit;

namespace Workshop.Tests.Consensus.Clients;

/// <summary>Whatever a member sends is an answer or a miss.</summary>
public sealed class AnswerReaderTests
{
    private static readonly Network Iris = Network.All["iris"];

    public static TheoryData<string> Bad =>
        [
            "",
            "not json",
            "null",
            "[]",
            "{}",
            "{\"outputs\":null}",
            "{\"outputs\":[null]}",
            "{\"outputs\":[{\"name\":\"value\",\"shape\":[1],\"data\":[1]}]}",
            StubMember.Iris(0.5, 0.5),
            StubMember.Iris(0.5, 0.4, 0.2),
            StubMember.Iris(-0.1, 0.6, 0.5),
            StubMember.Iris(1.5, -0.3, -0.2),
            StubMember.Iris(0.2, 0.3, 0.5).Replace("0.2,", "NaN,", StringComparison.Ordinal),
            StubMember.Iris(0.2, 0.3, 0.5).Replace("0.2,", "\"0.2\",", StringComparison.Ordinal),
            StubMember.Iris(0.2, 0.3, 0.5).Replace("0.2,", "1e999,", StringComparison.Ordinal),
            StubMember.Iris(0.2, 0.3, 0.5).Replace("[1,3]", "[3,1]", StringComparison.Ordinal),
            StubMember.Iris(0.2, 0.3, 0.5).Replace("setosa", "rose", StringComparison.Ordinal),
            StubMember.Iris(0.2, 0.3, 0.5).Replace("setosa", "virginica", StringComparison.Ordinal),
            StubMember.Iris(0.2, 0.3, 0.5).Replace("labels", "names", StringComparison.Ordinal),
            new string('[', 5000),
        ];

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_answer_is_a_miss_with_a_reason(string body)
    {
        var rows = AnswerReader.Read(Iris, Encoding.UTF8.GetBytes(body), 1, out var miss);

        Assert.True(Assert.Single(rows).IsEmpty);
        Assert.NotNull(miss);
    }

    [Fact]
    public void Labels_in_another_order_are_put_right()
    {
        var body = StubMember
            .Iris(0.1, 0.2, 0.7)
            .Replace("\"setosa\",\"versicolor\"", "\"versicolor\",\"setosa\"", StringComparison.Ordinal);
        var rows = AnswerReader.Read(Iris, Encoding.UTF8.GetBytes(body), 1, out var miss);

        Assert.Null(miss);
        Assert.Equal([200_000, 100_000, 700_000], rows[0]);
    }

    [Fact]
    public void A_good_answer_with_any_byte_changed_never_throws() =>
        Gen.Select(Gen.Int[0, 200], Gen.Byte)
            .Sample(
                (position, value) =>
                {
                    var body = Encoding.UTF8.GetBytes(StubMember.Iris(0.2, 0.3, 0.5));
                    body[position % body.Length] = value;
                    var rows = AnswerReader.Read(Iris, body, 1, out _);

                    Assert.True(rows[0].IsEmpty || rows[0].Sum() == Units.Million);
                }
            );
}
