namespace Shop.Web.Predictions.Laboratory;

/// <summary>What a dot stands for.</summary>
public enum DotKind
{
    /// <summary>A member.</summary>
    Member,

    /// <summary>A member that is known to cheat, or is jailed.</summary>
    Attacker,

    /// <summary>The average or the consensus of all.</summary>
    Many,

    /// <summary>The same without the attackers.</summary>
    Without,
}

/// <summary>A dot with its interval.</summary>
/// <param name="Name">Whose, for a person.</param>
/// <param name="Value">The figure.</param>
/// <param name="Interval">Where it may well lie.</param>
/// <param name="Kind">What it stands for.</param>
public sealed record Dot(string Name, double Value, Interval Interval, DotKind Kind);

/// <summary>Members, average and consensus of one network beside each other, with the attackers and without. Pure.</summary>
/// <param name="Rows">Who, and what they reached.</param>
public sealed record Comparison(IReadOnlyList<(string Name, Evaluated One, DotKind Kind)> Rows)
{
    /// <summary>Members that a comparison may leave out: the host's attackers, and who is jailed in any network.</summary>
    /// <param name="members">All members.</param>
    public static IReadOnlyList<string> AttackersOf(IEnumerable<Member> members) =>
        [
            .. members
                .Where(member =>
                    Strangers.IsAttacker(member.Name) || member.Memberships.Any(one => one.State is "jailed")
                )
                .Select(member => member.Name),
        ];

    /// <summary>Puts a network's figures in order: members, then what is made of many.</summary>
    /// <param name="network">As the consensus judged it.</param>
    /// <param name="attackers">Names of <see cref="AttackersOf"/>.</param>
    public static Comparison Of(NetworkEvaluation network, IReadOnlyCollection<string> attackers)
    {
        var members = network.Members.Select(one =>
            (
                Strangers.Words(one.Name),
                one,
                attackers.Contains(one.Name, StringComparer.Ordinal) ? DotKind.Attacker : DotKind.Member
            )
        );
        (string, Evaluated, DotKind)[] all =
        [
            ("Plain average of all", network.Average, DotKind.Many),
            ("Consensus, weighted", network.Consensus, DotKind.Many),
        ];
        (string, Evaluated, DotKind)[] others = WithoutOf(network) is { } without
            ?
            [
                ("Average without attackers", without.Average, DotKind.Without),
                ("Consensus without attackers", without.Consensus, DotKind.Without),
            ]
            : [];
        return new([.. members.OrderByDescending(row => row.Item3 is DotKind.Attacker), .. others, .. all]);
    }

    /// <summary>The dots of one figure.</summary>
    /// <param name="metric">Which.</param>
    public IReadOnlyList<Dot> Dots(EvaluationMetric metric) =>
        [
            .. Rows.Where(row => metric.Of(row.One) is not null)
                .Select(row => new Dot(row.Name, metric.Of(row.One)!.Value, metric.IntervalOf(row.One)!, row.Kind)),
        ];

    /// <summary>What the dots say, in a sentence or two.</summary>
    /// <param name="network">As the consensus judged it.</param>
    /// <param name="metric">Which figure.</param>
    public static string Headline(NetworkEvaluation network, EvaluationMetric metric)
    {
        if (metric.Of(network.Average) is not { } average || metric.Of(network.Consensus) is not { } consensus)
        {
            return "";
        }

        var now =
            $"the plain average reaches {metric.Figure(average.Value)}, the consensus {metric.Figure(consensus.Value)}.";
        return
            WithoutOf(network) is { } without
            && metric.Of(without.Average) is { } fewer
            && metric.Of(without.Consensus) is { } weighed
            ? $"With {string.Join(", ", without.Members.Select(name => Strangers.Words(name)))}, {now} "
                + $"Without: {metric.Figure(fewer.Value)} and {metric.Figure(weighed.Value)}."
            : $"No attacker answers here: {now}";
    }

    /// <summary>What the others reach, where an attacker answered at all: one that is stopped makes no difference.</summary>
    private static ReducedEvaluation? WithoutOf(NetworkEvaluation network) =>
        network.Without is { } without
        && network.Members.Any(one => one.Answered > 0 && without.Members.Contains(one.Name, StringComparer.Ordinal))
            ? without
            : null;
}
