using System.Text.Json;
using CsCheck;
using Predictors.Data;
using Predictors.Evaluation;
using Predictors.Models;
using Predictors.Models.Learners;
using Xunit;

namespace Workshop.Tests.Predictors.Models;

public sealed class ModelTests
{
    private const int Samples = 200;

    public static TheoryData<string, string> AllModels
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (learner, network) in SharedModels.All())
            {
                data.Add(learner.Name, network.Name);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(AllModels))]
    public void Any_row_of_the_domain_gets_an_answer_that_the_consensus_accepts(string learner, string name)
    {
        var network = Networks.Find(name)!;
        var model = SharedModels.Of(learner, name);
        SharedModels
            .Rows(network)
            .Sample(
                row =>
                {
                    var answer = model.Predict(row);
                    return answer.Length == network.OutputCount
                        && (
                            network.IsClassification
                                ? answer.All(p => p is > 0 and < 1) && Math.Abs(answer.Sum() - 1) < 1e-9
                                : answer[0] is >= 12_000 and <= 760_000
                        )
                        && answer.SequenceEqual(model.Predict(row));
                },
                iter: Samples
            );
    }

    [Theory]
    [MemberData(nameof(AllModels))]
    public void Training_twice_gives_the_same_bytes(string learner, string network) =>
        Assert.Equal(
            JsonSerializer.Serialize(SharedModels.Of(learner, network), CacheJson.Default.TrainedModel),
            JsonSerializer.Serialize(SharedModels.Train(learner, network), CacheJson.Default.TrainedModel)
        );

    [Theory]
    [MemberData(nameof(AllModels))]
    public void A_model_written_and_read_answers_the_same(string learner, string network)
    {
        var model = SharedModels.Of(learner, network);
        var json = JsonSerializer.SerializeToUtf8Bytes(model, CacheJson.Default.TrainedModel);
        var read = JsonSerializer.Deserialize(json, CacheJson.Default.TrainedModel)!;

        foreach (var row in SharedModels.HeldOut(Networks.Find(network)!).Rows)
        {
            Assert.Equal(model.Predict(row), read.Predict(row));
        }
    }

    /// <summary>Not a target but a floor: a learner that falls below it has a defect, not bad luck.</summary>
    [Theory]
    [MemberData(nameof(AllModels))]
    public void A_served_model_knows_rows_that_it_has_not_seen(string learner, string name)
    {
        var network = Networks.Find(name)!;
        var rows = SharedModels.HeldOut(network);
        var model = SharedModels.Of(learner, name);
        double[][] answers = [.. rows.Rows.Select(model.Predict)];
        var (score, floor) = network.Name switch
        {
            "iris" => (Metrics.Accuracy(answers, rows.Targets), 0.80),
            "titanic" => (Metrics.Accuracy(answers, rows.Targets), 0.70),
            _ => (Metrics.R2([.. answers.Select(answer => answer[0])], rows.Targets), 0.75),
        };

        Assert.InRange(score, floor, 1);
    }

    [Fact]
    public void There_are_six_learners_each_found_by_its_own_name_only()
    {
        Assert.Equal(
            ["linear", "fasttree", "lightgbm", "forest", "neighbours", "bayes"],
            LearnerCatalogue.All.Select(learner => learner.Name),
            StringComparer.Ordinal
        );
        Assert.Null(LearnerCatalogue.Find("LightGBM"));
        Assert.Null(LearnerCatalogue.Find(null));
    }
}
