using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Shop.Api.Storage;
using Shop.Api.Storage.Pair;
using Workshop.ServiceDefaults.Loops;
using Xunit;

namespace Workshop.Tests.Shop.Api.Storage.Pair;

/// <summary>When sessions that hang at a server are given up for others. Nothing listens at these addresses.</summary>
public sealed class DatabasePairTests
{
    private static readonly string[] Addresses = ["localhost:9", "localhost:10"];

    [Fact]
    public async Task Where_somebody_else_fails_over_sessions_to_the_old_primary_are_replaced_by_those_to_the_new_one()
    {
        await using var services = Services();
        await using var pair = new DatabasePair(Options(isExternal: true), services);
        pair.Take(Roles(term: 1, primary: 0));
        var first = pair.Replaced;
        pair.Take(Roles(term: 1, primary: null));
        // The same one again: its sessions are those of before.
        pair.Take(Roles(term: 1, primary: 0));
        Assert.False(first.IsCompleted);

        pair.Take(Roles(term: 2, primary: 1));

        Assert.True(first.IsCompleted);
        Assert.False(pair.Replaced.IsCompleted);
    }

    [Fact]
    public async Task In_the_workshops_own_pair_sessions_end_with_their_server()
    {
        await using var services = Services();
        await using var pair = new DatabasePair(Options(isExternal: false), services);
        pair.Take(Roles(term: 1, primary: 0));
        var first = pair.Replaced;

        pair.Take(Roles(term: 2, primary: 1));

        Assert.False(first.IsCompleted);
    }

    private static ServiceProvider Services() =>
        new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddLogging()
            .AddSingleton(new Background(TimeProvider.System, NullLogger<Background>.Instance))
            .BuildServiceProvider();

    private static StorageOptions Options(bool isExternal) =>
        new()
        {
            Mode = StorageMode.Synchronous,
            Policy = "available",
            Instance = "shop-api-1",
            IsExternal = isExternal,
            ConnectionString =
                $"Host={(isExternal ? string.Join(',', Addresses) : Addresses[0])};Username=a;Database=b",
            Standby = isExternal ? null : new($"tcp://{Addresses[1]}"),
        };

    private static PairRoles Roles(long term, int? primary) =>
        new(
            term,
            [
                .. Addresses.Select(
                    (address, number) =>
                        new PairServer($"postgres-{number + 1}", address, number == primary ? "primary" : "none")
                ),
            ]
        );
}
