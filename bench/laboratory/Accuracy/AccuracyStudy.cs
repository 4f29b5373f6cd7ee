using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using LaboratoryBench.Attacks;
using Predictors.Evaluation;
using Predictors.Models.Learners;
using Workshop.Figures;
using Workshop.Ledger.Mechanism;

namespace LaboratoryBench.Accuracy;

/// <summary>
/// <c>dotnet run --project bench/laboratory -- accuracy [--write]</c>: is the weighted consensus of six honest members
/// better than their plain average, and than the best of them? On rows that none was trained on, over many splits.
/// The best of them is told twice: the one that turns out best over all splits, which nobody can know before, and on each
/// split the one that claims most, which is all that is known before anybody was asked.
/// </summary>
internal static class AccuracyStudy
{
    internal const string Command = "accuracy";

    /// <summary>Batches that are played before the weights are taken as settled.</summary>
    private const int Batches = 60;

    /// <summary>What the consensus may lie below the best member.</summary>
    private const double AllowedBelowBest = 0.005;

    private const string ConsensusName = "consensus";

    private const string AverageName = "average";

    private const string ClaimantName = "claimant";

    /// <summary>No trial of features or settings ever looked at these splits.</summary>
    private const int FirstSeed = 2001;

    internal static async Task<int> Run(string[] args)
    {
        var rows = await Task.Run(() => Network.All.Values.SelectMany(Study).ToArray());
        var text = new StringBuilder();
        text.AppendLine(
            "| network | splits | measure | consensus | average | best member | above average | above best | above highest claim |"
        );
        text.AppendLine("| --- | --: | --- | --: | --: | --: | --: | --: | --: |");
        text.AppendJoin('\n', rows).AppendLine();
        Console.Write(text);
        if (args.Contains("--write", StringComparer.Ordinal))
        {
            FigureDocument.Write("mechanism.md", "accuracy", text.ToString());
        }

        return 0;
    }

    private static IEnumerable<string> Study(Network network)
    {
        var splits = ParallelEnumerable
            .Range(FirstSeed, SplitsOf(network))
            .AsOrdered()
            .Select(seed => Play(network, seed))
            .ToArray();
        return splits[0][ConsensusName].Keys.Select(measure => Row(network, measure, splits)).ToArray();
    }

    /// <summary>The fewer rows judge a split, the more splits it takes to know as much.</summary>
    private static int SplitsOf(Network network) =>
        network.Name switch
        {
            "iris" => 100,
            "titanic" => 40,
            _ => 10,
        };

    private static string Row(Network network, string measure, Dictionary<string, Dictionary<string, double>>[] splits)
    {
        double[] Of(string who) => [.. splits.Select(split => split[who][measure])];
        // Log-loss is better when it is lower.
        var sign = string.Equals(measure, "log-loss", StringComparison.Ordinal) ? -1 : 1;
        var best = splits[0]
            .Keys.Except([ConsensusName, AverageName, ClaimantName], StringComparer.Ordinal)
            .MaxBy(who => sign * Of(who).Average())!;
        var (consensus, average, single) = (Of(ConsensusName), Of(AverageName), Of(best));
        Estimate Above(double[] other) =>
            CrossValidation.Summarise([.. consensus.Zip(other, (x, y) => sign * (x - y))]);
        bool IsBelow(Estimate above) => sign > 0 && above.Value < -AllowedBelowBest;
        var (aboveAverage, aboveBest, aboveClaimant) = (Above(average), Above(single), Above(Of(ClaimantName)));
        var worse = aboveAverage.Value < -aboveAverage.StandardError;
        string[] cells =
        [
            network.Name,
            splits.Length.ToString(CultureInfo.InvariantCulture),
            measure,
            Text(CrossValidation.Summarise(consensus)),
            Text(CrossValidation.Summarise(average)),
            $"{Text(CrossValidation.Summarise(single))} ({best})",
            Mark(Text(aboveAverage), worse),
            Mark(Text(aboveBest), IsBelow(aboveBest)),
            Mark(Text(aboveClaimant), IsBelow(aboveClaimant)),
        ];
        return $"| {string.Join(" | ", cells)} |";
    }

    /// <summary>
    /// Measures by who, then by name, on all rows of one split that were kept from training, but for the gold rows from
    /// which the weights were learned.
    /// </summary>
    private static Dictionary<string, Dictionary<string, double>> Play(Network network, int seed)
    {
        var learners = LearnerCatalogue.All;
        var crowd = TrainedCrowd.Train(network.Name, learners.Length, learners, seed);
        var state = new Simulation(crowd, Batches, Parameters.Default).Run(null, 0).Final;
        var electorate = Electorate.Of(state, network.Name);
        var names = electorate.Names.ToArray();
        var rows = Enumerable
            .Range(crowd.GoldRows, crowd.Truths.Length - crowd.GoldRows)
            .Select(row =>
                names.Select((name, member) => (name, crowd.Answers[member][row])).ToDictionary(StringComparer.Ordinal)
            )
            .ToArray();
        var all = names.Select((name, member) => (learners[member].Name, Answers: rows.Select(row => row[name])));
        var measures = all.Append((AverageName, rows.Select(row => Average(network, row.Values))))
            .Append((ConsensusName, rows.Select(row => Combine(network, electorate.Tally(row)))))
            .ToDictionary(
                entry => entry.Item1,
                entry => Measure(network, [.. entry.Item2], crowd.Truths[crowd.GoldRows..]),
                StringComparer.Ordinal
            );
        var claimant = crowd.Declared.IndexOf(crowd.Declared.Max());
        measures[ClaimantName] = measures[learners[claimant].Name];
        return measures;
    }

    private static ImmutableArray<long> Combine(Network network, Ballot ballot) =>
        Aggregate.Of(network, ballot, Parameters.Default);

    private static ImmutableArray<long> Average(Network network, IEnumerable<ImmutableArray<long>> answers) =>
        network.IsRegression
            ? [(long)answers.Average(answer => answer[0])]
            : Aggregate.Mean(network.AnswerLength, [.. answers.Select(answer => new Vote(answer, 1))]);

    private static Dictionary<string, double> Measure(
        Network network,
        ImmutableArray<long>[] answers,
        ImmutableArray<long> truths
    )
    {
        double[] targets = [.. truths.Select(truth => (double)truth)];
        var measures = new Dictionary<string, double>(StringComparer.Ordinal);
        if (network.IsRegression)
        {
            measures["R2"] = Metrics.R2([.. answers.Select(answer => (double)answer[0])], targets);
        }
        else
        {
            double[][] shares = [.. answers.Select(answer => answer.Select(Units.FromMillionths).ToArray())];
            measures["accuracy"] = Metrics.Accuracy(shares, targets);
            measures["log-loss"] = Metrics.LogLoss(shares, targets);
        }

        return measures;
    }

    private static string Text(Estimate estimate) =>
        string.Create(CultureInfo.InvariantCulture, $"{estimate.Value:0.0000} ± {estimate.StandardError:0.0000}");

    private static string Mark(string text, bool missed) => missed ? $"**{text}**" : text;
}
