using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shop.Api.Data;

namespace Shop.Api.Storage.Pair;

/// <summary>Contexts over whichever source of connections is the right one at the moment; one pool of them for each.</summary>
/// <param name="tracking">Whether entities that are read are tracked for changes.</param>
/// <param name="services">Where logging is found.</param>
internal sealed class SourceContexts(QueryTrackingBehavior tracking, IServiceProvider services)
{
    /// <summary>As many as there are servers.</summary>
    private readonly ConcurrentDictionary<NpgsqlDataSource, IDbContextFactory<ShopContext>> factories = new();

    /// <summary>A context over <paramref name="source"/>.</summary>
    public Task<ShopContext> Create(NpgsqlDataSource source, CancellationToken ct) =>
        factories
            .GetOrAdd(
                source,
                static (key, made) => ShopDataSources.Contexts(key, made.tracking, made.services),
                (tracking, services)
            )
            .CreateDbContextAsync(ct);
}
