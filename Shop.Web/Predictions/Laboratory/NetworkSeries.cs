namespace Shop.Web.Predictions.Laboratory;

/// <summary>How a member stood after a batch.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Estimate">Smoothed agreement with the others; it moves from the first batch.</param>
/// <param name="Weight">0 to 1.</param>
/// <param name="Quality">How good its answers are.</param>
/// <param name="Originality">How much of what it says nobody else says.</param>
/// <param name="Gain">Earned less slashed, in euros, added up from the first batch shown.</param>
/// <param name="Events">What happened to it.</param>
public sealed record SeriesPoint(
    long Batch,
    double Estimate,
    double Weight,
    double Quality,
    double Originality,
    decimal Gain,
    IReadOnlyList<string> Events
);

/// <summary>A member over some batches of one network.</summary>
/// <param name="Name">The member.</param>
/// <param name="State">In this network, after the last batch that it was in.</param>
/// <param name="Points">One per batch; null where it was not there.</param>
public sealed record MemberSeries(string Name, string State, IReadOnlyList<SeriesPoint?> Points)
{
    /// <summary>Where it stands now.</summary>
    public SeriesPoint Last => Points.Last(point => point is not null)!;
}

/// <summary>What the strips of a network show.</summary>
/// <param name="Batches">Numbers of the batches, oldest first.</param>
/// <param name="Members">Those that lost most stand first.</param>
public sealed record NetworkSeries(IReadOnlyList<long> Batches, IReadOnlyList<MemberSeries> Members)
{
    /// <summary>Batches that lines show: more would be more than a page should weigh.</summary>
    public const int Drawn = 40;

    /// <summary>Turns batches into lines. Pure.</summary>
    /// <param name="batches">Newest first, as the consensus sends them.</param>
    /// <returns>The lines.</returns>
    public static NetworkSeries Of(IReadOnlyList<BatchSummary> batches)
    {
        var ordered = batches.Reverse().ToList();
        var names = ordered
            .SelectMany(batch => batch.Members.Select(member => member.Name))
            .Distinct(StringComparer.Ordinal);
        return new(
            [.. ordered.Select(batch => batch.Number)],
            [
                .. names
                    .Select(name => Line(name, ordered))
                    .OrderBy(line => line.Last.Gain)
                    .ThenBy(line => line.Name, StringComparer.Ordinal),
            ]
        );
    }

    private static MemberSeries Line(string name, List<BatchSummary> batches)
    {
        var sum = 0m;
        var state = "";
        List<SeriesPoint?> points = [];
        foreach (var batch in batches)
        {
            if (
                batch.Members.FirstOrDefault(one => string.Equals(one.Name, name, StringComparison.Ordinal))
                is not { } now
            )
            {
                points.Add(null);
                continue;
            }

            sum += now.Paid - now.Slashed;
            state = now.State;
            points.Add(
                new(batch.Number, now.AccuracyEstimate, now.Weight, now.Quality, now.Originality, sum, now.Events ?? [])
            );
        }

        return new(name, state, points);
    }
}
