using Shop.Web.Api;
using Shop.Web.Predictions;
using Shop.Web.Redundancy;
using Shop.Web.Redundancy.Buyers;
using Shop.Web.Site;
using Shop.Web.Storefront;

namespace Shop.Web.Tour;

/// <summary>What has happened in this workshop so far. What cannot be had is as if it had not happened.</summary>
/// <param name="Members">Of the prediction network.</param>
/// <param name="Batches">How many, by network.</param>
/// <param name="Situation">The parts of the shop.</param>
/// <param name="Runs">Runs of simulated buyers.</param>
/// <param name="Orders">Whether the reader has ordered anything.</param>
public sealed record Evidence(
    IReadOnlyList<Member> Members,
    IReadOnlyDictionary<string, long> Batches,
    Situation Situation,
    IReadOnlyList<Measurement> Runs,
    bool Orders
)
{
    /// <summary>Members with a stake in some network.</summary>
    public IEnumerable<Member> Present => Members.Where(member => member.State is not ("left" or "ejected"));

    /// <summary>Batches of the network that has most.</summary>
    public long MostBatches => Batches.Values.DefaultIfEmpty().Max();

    /// <summary>Whether a part of the shop is up.</summary>
    /// <param name="name">The resource's name.</param>
    public bool IsUp(string name) =>
        Situation.Parts.Any(part => string.Equals(part.Name, name, StringComparison.Ordinal) && part.State is "up");

    /// <summary>Whether buyers bought in this mode and lost nothing while this fault was made.</summary>
    /// <param name="mode">Of storage; any when null.</param>
    /// <param name="fault">The id of a planned fault.</param>
    public bool Survived(string? mode, string fault) =>
        Runs.Any(run =>
            (mode is null || string.Equals(run.Mode, mode, StringComparison.Ordinal))
            && string.Equals(run.Fault, fault, StringComparison.Ordinal)
            && run is { Lost: 0, Acknowledged: > 0 }
        );
}

/// <summary>Gathers the evidence for one page.</summary>
/// <param name="consensus">For members and batches.</param>
/// <param name="watch">For the parts of the shop.</param>
/// <param name="measurements">For runs of buyers.</param>
/// <param name="shop">For the reader's orders.</param>
/// <param name="time">Ends the wait.</param>
public sealed class EvidenceReader(
    ConsensusClient consensus,
    SituationWatch watch,
    MeasurementFile measurements,
    ShopClient shop,
    TimeProvider time
)
{
    /// <summary>What does not answer within this is as if it were not there.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Looks at everything at once.</summary>
    /// <param name="http">The reader.</param>
    public async Task<Evidence> Read(HttpContext http)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, http.RequestAborted);
        var ct = either.Token;
        var members = Answers.ValueInTime(consensus.Members(ct));
        var batches = PredictionsDefaults
            .Networks.Select(network =>
                (network.Name, Asked: Answers.ValueInTime(consensus.Batches(network.Name, ct, limit: 1)))
            )
            .ToList();
        var orders = Answers.ValueInTime(shop.Orders(http.Buyer(), after: null, limit: 1, ct));
        var situation = watch.Current();
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, asked) in batches)
        {
            counts[name] = (await asked)?.Count ?? 0;
        }

        return new(await members ?? [], counts, await situation, measurements.Runs, await orders is { Length: > 0 });
    }
}
