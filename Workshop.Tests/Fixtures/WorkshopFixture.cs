using LaboratoryBench.Processes;
using Xunit;

namespace Workshop.Tests.Fixtures;

/// <summary>
/// One whole workshop, synchronous, for all classes of the collection <see cref="Name"/>. Those that break things put
/// them right again, or start a <see cref="WorkshopProcess"/> of their own.
/// </summary>
public sealed class WorkshopFixture : IAsyncLifetime
{
    /// <summary>The collection's name.</summary>
    public const string Name = "workshop";

    private WorkshopProcess? workshop;

    /// <summary>The running workshop.</summary>
    public WorkshopProcess Workshop => workshop ?? throw new InvalidOperationException("The workshop is not started.");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() =>
        workshop = await WorkshopProcess.Start(TestContext.Current.CancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (workshop is not null)
        {
            await workshop.DisposeAsync();
        }
    }
}

/// <summary>
/// Classes with <c>[Collection(WorkshopFixture.Name)]</c> share one workshop and run one after another.
/// </summary>
[CollectionDefinition(WorkshopFixture.Name)]
public sealed class SharedWorkshop : ICollectionFixture<WorkshopFixture>;
