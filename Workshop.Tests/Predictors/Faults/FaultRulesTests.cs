using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.Configuration;
using Predictors;
using Predictors.Data;
using Predictors.Faults;
using Xunit;

namespace Workshop.Tests.Predictors.Faults;

public sealed class FaultRulesTests
{
    private static readonly double[] Honest = [0.1, 0.7, 0.2];

    private static readonly double[] Row = [5.1, 3.5, 1.4, 0.2];

    [Fact]
    public void No_fault_is_the_honest_answer() => Assert.Equal(Honest, Decide(FaultKind.None));

    [Fact]
    public void A_label_flip_swaps_the_likeliest_and_the_least_likely() =>
        Assert.Equal([0.7, 0.1, 0.2], Decide(FaultKind.LabelFlip));

    [Fact]
    public void A_flipped_price_is_high_where_the_honest_is_low()
    {
        Assert.Equal(256_000, DecidePrice(FaultKind.LabelFlip, 100_000), 0.01);
        Assert.Equal(80_000, DecidePrice(FaultKind.LabelFlip, 320_000), 0.01);
    }

    [Fact]
    public void Random_answers_the_same_row_the_same_and_differs_by_row_and_member()
    {
        Assert.Equal(Decide(FaultKind.Random), Decide(FaultKind.Random));
        double[][] rows = [.. Enumerable.Range(0, 300).Select(number => new[] { number, 1.0, 1, 1 })];
        var classes = rows.Select(row => Top(Decide(FaultKind.Random, row))).ToArray();
        var others = rows.Select(row => Top(Decide(FaultKind.Random, row, salt: 2))).ToArray();

        Assert.All(Enumerable.Range(0, 3), label => Assert.InRange(classes.Count(one => one == label), 60, 140));
        Assert.InRange(classes.Where((one, row) => one == others[row]).Count(), 60, 140);
    }

    [Fact]
    public void A_constant_never_changes() =>
        Assert.Equal(Decide(FaultKind.Constant), Decide(FaultKind.Constant, [7, 3, 6, 2]));

    [Fact]
    public void Colluders_agree_on_one_class_that_is_not_the_likeliest()
    {
        Assert.Equal(2, Top(Decide(FaultKind.Colluding)));
        Assert.Equal(150_000, DecidePrice(FaultKind.Colluding, 100_000), 0.01);
    }

    [Fact]
    public void A_sleeper_betrays_from_its_hour_on()
    {
        Assert.Equal(Honest, Decide(FaultKind.Sleeper, before: 99));
        Assert.Equal(2, Top(Decide(FaultKind.Sleeper, before: 100)));
    }

    [Fact]
    public void Partial_colluders_attack_a_fifth_of_the_rows_and_all_of_them_the_same()
    {
        double[][] rows = [.. Enumerable.Range(0, 1000).Select(number => new[] { number, 1.0, 1, 1 })];
        var one = rows.Select(row => Top(Decide(FaultKind.Partial, row, salt: 1)) == 2).ToArray();
        var other = rows.Select(row => Top(Decide(FaultKind.Partial, row, salt: 9)) == 2).ToArray();

        Assert.Equal(one, other);
        Assert.InRange(one.Count(attacked => attacked), 150, 250);
    }

    [Fact]
    public void A_stale_member_repeats_the_answer_before()
    {
        Assert.Equal(Honest, Decide(FaultKind.Stale));
        Assert.Equal([1, 0, 0], Decide(FaultKind.Stale, previous: [1, 0, 0]));
    }

    [Fact]
    public void Every_fault_that_decides_on_rows_keeps_to_the_form_of_an_answer() =>
        Gen.Select(Gen.Int[0, 5], Gen.Double[0.01, 1].Array[3], Gen.Double[0, 10].Array[4])
            .Sample(sample =>
            {
                FaultKind[] kinds =
                [
                    FaultKind.LabelFlip,
                    FaultKind.Random,
                    FaultKind.Constant,
                    FaultKind.Colluding,
                    FaultKind.Partial,
                    FaultKind.Stale,
                ];
                double[] honest = [.. sample.Item2.Select(share => share / sample.Item2.Sum())];
                var answer = FaultRules.Decide(Input(kinds[sample.Item1], sample.Item3, honest));
                return answer.Length == 3 && Math.Abs(answer.Sum() - 1) < 1e-9 && answer.All(p => p is >= 0 and <= 1);
            });

    [Theory]
    [InlineData(Malformation.WrongShape)]
    [InlineData(Malformation.NotANumber)]
    [InlineData(Malformation.NotAddingUp)]
    [InlineData(Malformation.Oversized)]
    public void A_malformed_answer_is_bad_in_its_own_way(Malformation malformation)
    {
        foreach (var network in Networks.All)
        {
            var buffer = new ArrayBufferWriter<byte>();
            MalformedAnswer.Write(buffer, network, rows: 2, malformation);
            var text = Encoding.UTF8.GetString(buffer.WrittenSpan);
            if (malformation is Malformation.NotANumber)
            {
                Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(text));
                continue;
            }

            using var answer = JsonDocument.Parse(text);
            double[] numbers =
            [
                .. answer
                    .RootElement.GetProperty("outputs")[0]
                    .GetProperty("data")
                    .EnumerateArray()
                    .Select(n => n.GetDouble()),
            ];
            Assert.Equal(malformation is Malformation.WrongShape, numbers.Length != 2 * network.OutputCount);
            Assert.Equal(malformation is Malformation.Oversized, text.Length > MalformedAnswer.OversizedBytes);
            Assert.True(malformation is Malformation.WrongShape || numbers[0] < 0 || numbers.Take(2).Sum() > 1);
        }
    }

    [Fact]
    public void Malformations_come_by_turns() =>
        Assert.Equal(
            Enum.GetValues<Malformation>(),
            Enumerable.Range(0, 4).Select(number => MalformedAnswer.Turn(number))
        );

    [Theory]
    [InlineData("fasttree", "", null)]
    [InlineData("FastTree", "", "linear, fasttree, lightgbm, forest, neighbours, bayes")]
    [InlineData("", "", "linear, fasttree")]
    [InlineData(
        "linear",
        "evil",
        "absent, betrayer, colluding, constant, copycat, label-flip, malformed, partial, random"
    )]
    [InlineData("linear", "copycat", "Predictor:CopyFrom")]
    public void Unknown_names_are_told_with_those_that_are_known(string model, string fault, string? words)
    {
        var problem = new PredictorOptions { Model = model, Fault = fault }.Problem();

        Assert.Equal(words is null, problem is null);
        Assert.Contains(words ?? "", problem ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_that_cannot_be_read_is_told_by_name()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Predictor:HonestAnswers", "many")])
            .Build();

        Assert.Contains(
            "Predictor:HonestAnswers",
            PredictorOptions.Read(configuration, "/", out _) ?? "",
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Every_fault_has_a_name()
    {
        var named = FaultCatalogue.Names.Split(", ").Select(FaultCatalogue.Find);

        Assert.Equal(
            Enum.GetValues<FaultKind>().Where(kind => kind is not FaultKind.None),
            named.OfType<FaultKind>().Order()
        );
    }

    private static int Top(double[] answer) => Array.IndexOf(answer, answer.Max());

    private static double[] Decide(
        FaultKind kind,
        double[]? row = null,
        int salt = 1,
        long before = 0,
        double[]? previous = null
    ) =>
        FaultRules.Decide(
            Input(kind, row ?? Row, Honest) with
            {
                Salt = salt,
                AnsweredBefore = before,
                Previous = previous,
            }
        );

    private static double DecidePrice(FaultKind kind, double honest) =>
        FaultRules.Decide(Input(kind, Row, [honest]) with { Network = Networks.Housing })[0];

    private static FaultInput Input(FaultKind kind, double[] row, double[] honest) =>
        new(kind, Networks.Iris, row, honest, AnsweredBefore: 0, HonestAnswers: 100, Previous: null, Salt: 1);
}
