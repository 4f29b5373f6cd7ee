using System.Diagnostics.Metrics;
using Consensus.Ledger;
using Workshop.Ledger.Mechanism;

namespace Consensus.Members;

/// <summary>
/// The network in the dashboard: what each member weighs, what it has at stake and has lost, and the ledger's height.
/// </summary>
internal sealed class MemberMetrics : IHostedService, IDisposable
{
    private const string Money = "{EUR}";

    private readonly LedgerChain chain;
    private readonly Meter meter;

    /// <summary>Makes the instruments; they are read at each collection.</summary>
    public MemberMetrics(LedgerChain chain, IMeterFactory meters)
    {
        this.chain = chain;
        meter = meters.Create("Workshop.Consensus");
        meter.CreateObservableGauge(
            "workshop.ledger.height",
            () => chain.Now.Head?.Height ?? 0,
            "{block}",
            "The last block's height"
        );
        Gauge("workshop.member.weight", null, "What a member's answer weighs", Weight);
        Gauge("workshop.member.stake", Money, "What a member has at stake", (_, part) => Euros(part.StakeCents));
        Gauge(
            "workshop.member.slashed",
            Money,
            "What a member has lost of its deposit",
            (_, part) => Euros(part.DepositCents - part.StakeCents)
        );
    }

    /// <summary>Nothing: being made is all.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Nothing.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    private void Gauge(string name, string? unit, string description, Func<string, Membership, double> value) =>
        meter.CreateObservableGauge(name, () => Measure(value), unit, description);

    private IEnumerable<Measurement<double>> Measure(Func<string, Membership, double> value) =>
        from member in chain.Now.State.Members.Values
        from membership in member.Memberships
        where membership.Value.AtRisk
        select new Measurement<double>(
            value(membership.Key, membership.Value),
            new("member", member.Name),
            new KeyValuePair<string, object?>("network", membership.Key)
        );

    private double Weight(string network, Membership membership) =>
        Electorate.EffectiveWeight(membership, Network.All[network], chain.Now.State.Parameters);

    private static double Euros(long cents) => cents / 100.0;
}
