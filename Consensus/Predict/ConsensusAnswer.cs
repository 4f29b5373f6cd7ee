using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Networks;

namespace Consensus.Predict;

/// <summary>The consensus on one row: an inference response of the Open Inference Protocol v2.</summary>
/// <param name="ModelName">The network.</param>
/// <param name="ModelVersion">Of this format.</param>
/// <param name="Id">Unique.</param>
/// <param name="Parameters">The answer in short, and how it came about.</param>
/// <param name="Outputs"><c>label</c> and <c>probabilities</c>, or <c>value</c>.</param>
internal sealed record ConsensusAnswer(
    [property: JsonPropertyName("model_name")] string ModelName,
    [property: JsonPropertyName("model_version")] string ModelVersion,
    string Id,
    ConsensusParameters Parameters,
    IReadOnlyList<Output> Outputs
)
{
    /// <summary>Combines a ballot.</summary>
    internal static ConsensusAnswer Of(
        Schema schema,
        Ballot ballot,
        IReadOnlyList<AbsentMember> absent,
        Parameters parameters
    )
    {
        var network = schema.Network;
        var combined = Aggregate.Of(network, ballot, parameters);
        var total = ballot.Votes.Sum(entry => entry.Vote.Influence);
        var contributors = ballot
            .Votes.Select(entry => new Contributor(
                entry.Name,
                entry.Vote.Influence / total,
                Prediction(network, entry.Vote.Answer),
                Confidence(network, entry.Vote.Answer)
            ))
            .ToArray();
        return new(
            network.Name,
            "1",
            Guid.CreateVersion7().ToString(),
            new(
                "consensus",
                Prediction(network, combined),
                Confidence(network, combined),
                ballot.Method == Method.Weighted ? "weighted" : "average",
                contributors,
                absent
            ),
            network.IsRegression
                ? [new("value", [1], "FP64", new[] { Units.FromCents(combined[0]) }, null)]
                :
                [
                    new("label", [1], "BYTES", new[] { Prediction(network, combined) }, null),
                    new(
                        "probabilities",
                        [1, network.AnswerLength],
                        "FP64",
                        combined.Select(Units.FromMillionths).ToArray(),
                        new(network.Classes)
                    ),
                ]
        );
    }

    /// <summary>A label, or a value in the unit of the network.</summary>
    internal static object Prediction(Network network, ImmutableArray<long> answer) =>
        network.IsRegression ? Units.FromCents(answer[0]) : network.Classes[Probabilities.ArgMax(answer.AsSpan())];

    private static double? Confidence(Network network, ImmutableArray<long> answer) =>
        network.IsRegression ? null : Units.FromMillionths(answer.Max());
}

/// <summary>The answer in short, and how it came about.</summary>
/// <param name="Predictor"><c>consensus</c>.</param>
/// <param name="Prediction">A label or a value.</param>
/// <param name="Confidence">Probability of the label; null for a value.</param>
/// <param name="Method"><c>average</c> while nobody has a history, then <c>weighted</c>.</param>
/// <param name="Contributors">Whose answers counted, and how much.</param>
/// <param name="Absent">Who had influence but gave no answer in time.</param>
internal sealed record ConsensusParameters(
    string Predictor,
    object Prediction,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Confidence,
    string Method,
    IReadOnlyList<Contributor> Contributors,
    IReadOnlyList<AbsentMember> Absent
);

/// <summary>One answer that counted.</summary>
/// <param name="Name">Whose.</param>
/// <param name="Weight">Its share of the answer; all add to 1.</param>
/// <param name="Prediction">What it said.</param>
/// <param name="Confidence">Probability of the label; null for a value.</param>
internal sealed record Contributor(
    string Name,
    double Weight,
    object Prediction,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Confidence
);

/// <summary>A member that gave no answer.</summary>
/// <param name="Name">Who.</param>
/// <param name="Reason">For example <c>late</c>.</param>
internal sealed record AbsentMember(string Name, string Reason);

/// <summary>One tensor.</summary>
/// <param name="Name">For example <c>probabilities</c>.</param>
/// <param name="Shape">Rows, columns.</param>
/// <param name="Datatype"><c>BYTES</c> or <c>FP64</c>.</param>
/// <param name="Data">Row by row.</param>
/// <param name="Parameters">Labels of the columns.</param>
internal sealed record Output(
    string Name,
    IReadOnlyList<int> Shape,
    string Datatype,
    object Data,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Labels? Parameters
);

/// <summary>Labels of a tensor's columns.</summary>
/// <param name="Names">In order.</param>
internal sealed record Labels([property: JsonPropertyName("labels")] IReadOnlyList<string> Names);
