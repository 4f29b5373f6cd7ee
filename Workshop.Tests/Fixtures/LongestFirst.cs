using Workshop.Tests.AppHost;
using Workshop.Tests.AppHost.Postgres;
using Workshop.Tests.Consensus.Replicas;
using Workshop.Tests.Fixtures;
using Workshop.Tests.Registry.Conductor;
using Workshop.Tests.Shop.Web.Redundancy.Runs;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Workshop.Tests.Fixtures;

/// <summary>Begins with the collections that take minutes: one that began last would run alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long =
    [
        WorkshopFixture.Name,
        nameof(LanTests),
        nameof(LifecycleTests),
        nameof(DamagedRunTests),
        nameof(RestoreExperimentTests),
        nameof(ReplicatedLedgerTests),
        nameof(ModeChangeTests),
    ];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections
    )
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderByDescending(collection => IsLong(collection.TestCollectionDisplayName))];

    private static bool IsLong(string name) =>
        Array.Exists(Long, part => name.Contains(part, StringComparison.Ordinal));
}
