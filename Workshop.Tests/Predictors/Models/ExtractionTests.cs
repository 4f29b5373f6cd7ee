using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;
using Predictors.Data;
using Predictors.Models;
using Predictors.Models.Learners;
using Xunit;

namespace Workshop.Tests.Predictors.Models;

/// <summary>What is taken out of ML.NET's models answers as ML.NET's own transformers do.</summary>
public sealed class ExtractionTests
{
    private const double SinglePrecision = 1e-4;

    private readonly MLContext context = new(1);

    private readonly TrainingSet rows;

    public ExtractionTests()
    {
        var data = DataSet.Load(Networks.Titanic).Training();
        var features = Feature.Of(data.Network);
        double[][] derived = [.. data.Rows.Select(row => Feature.Derive(features, row))];
        var encoder = Encoder.Fit(features, derived, data.Targets, CategoryEncoding.TargetMeans);
        rows = new(data.Network, features, derived, encoder.EncodeAll(derived), data.Targets);
    }

    [Fact]
    public void Fast_trees_log_odds_are_its_calibrated_probability()
    {
        var model = context
            .BinaryClassification.Trainers.FastTree(
                new FastTreeBinaryTrainer.Options
                {
                    LabelColumnName = nameof(Example.IsPositive),
                    FeatureColumnName = nameof(Example.Features),
                    NumberOfThreads = 1,
                }
            )
            .Fit(Positive());

        AssertSame(TreeExtraction.ExtractLogOdds(model.Model), model.Transform(Positive()), "Probability", Sigmoid);
    }

    [Fact]
    public void Light_gbms_log_odds_are_its_calibrated_probability()
    {
        var model = context
            .BinaryClassification.Trainers.LightGbm(
                new LightGbmBinaryTrainer.Options
                {
                    LabelColumnName = nameof(Example.IsPositive),
                    FeatureColumnName = nameof(Example.Features),
                    NumberOfThreads = 1,
                }
            )
            .Fit(Positive());

        AssertSame(TreeExtraction.ExtractLogOdds(model.Model), model.Transform(Positive()), "Probability", Sigmoid);
    }

    [Fact]
    public void A_forest_is_the_mean_of_its_trees()
    {
        var model = context
            .Regression.Trainers.FastForest(
                new FastForestRegressionTrainer.Options
                {
                    LabelColumnName = nameof(Example.Value),
                    FeatureColumnName = nameof(Example.Features),
                    NumberOfTrees = 20,
                    NumberOfThreads = 1,
                }
            )
            .Fit(Positive());
        var forest = ForestLearner.Mean(TreeExtraction.Extract(model.Model.TrainedTreeEnsemble));

        AssertSame(forest, model.Transform(Positive()), "Score", score => score);
    }

    private static double Sigmoid(double score) => 1 / (1 + Math.Exp(-score));

    private IDataView Positive() => Examples.OneAgainstRest(context, rows, 1);

    private void AssertSame(Ensemble extracted, IDataView transformed, string column, Func<double, double> link)
    {
        var expected = transformed.GetColumn<float>(column).ToArray();
        var actual = rows.Vectors.Select(vector => link(extracted.Predict(vector))).ToArray();

        Assert.True(actual.Max() - actual.Min() > 0.3, "The model says the same of every row: nothing was compared.");
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, SinglePrecision));
    }
}
