using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shop.Api.Data;

namespace Shop.Api.Storage;

/// <summary>
/// Brings the tables up to date: as a program of its own (<c>Shop.Api migrate</c>), which the AppHost runs before the
/// shop's servers, or in a server that was started without it.
/// </summary>
internal static class SchemaMigration
{
    /// <summary>The program's first argument.</summary>
    private const string Command = "migrate";

    /// <summary>Any number will do, as long as every server of the shop takes the same: "shop" in ASCII.</summary>
    private const long LockNumber = 0x73686F70;

    /// <summary>A primary may take a while to come up.</summary>
    private const int MaxAttempts = 120;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Adds the context that the program migrates with; it reaches whichever server takes writes.</summary>
    public static void AddMigration(this IHostApplicationBuilder builder, StorageOptions options) =>
        builder.AddNpgsqlDbContext<ShopContext>(
            "shop",
            settings =>
            {
                settings.ConnectionString = ShopDataSources.PrimaryOf(options);
                // A retrying strategy refuses transactions of our own; the attempts below are the retries.
                settings.DisableRetry = true;
                settings.DisableHealthChecks = true;
            }
        );

    /// <summary>Serves; or, where the command line says so, migrates and ends.</summary>
    /// <returns>The exit code: 0 when the tables are up to date.</returns>
    public static async Task<int> RunOrMigrate(this WebApplication app, string[] args)
    {
        if (args is not [Command, ..])
        {
            await app.RunAsync();
            return 0;
        }

        await using (app)
        {
            var logger = app.Services.GetRequiredService<ILogger<SchemaStartup>>();
            return await TryMigrate(app.Services, logger, CancellationToken.None) ? 0 : 1;
        }
    }

    /// <summary>
    /// The context reaches a primary only. The lock is the connection's, so it ends with it; it is taken before Entity
    /// Framework looks, because its own lock needs a table that does not exist the first time.
    /// </summary>
    internal static async Task Migrate(ShopContext context, ILogger logger, CancellationToken ct)
    {
        await context.Database.OpenConnectionAsync(ct);
        // A server's own account may not change tables; mostly the program before it has.
        if (!(await context.Database.GetPendingMigrationsAsync(ct)).Any())
        {
            return;
        }

        try
        {
            // Tables take longer than requests may.
            await context.Database.ExecuteSqlAsync($"SET lock_timeout = '1min'; SET statement_timeout = '5min'", ct);
            await context.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({LockNumber})", ct);
            await context.Database.MigrateAsync(ct);
            if (!await SearchIndex.Ensure(context, ct))
            {
                LogMessages.NoSearchIndex(logger);
            }
        }
        finally
        {
            // The session goes back to the pool as it was: nobody else resets it.
            await context.Database.ExecuteSqlAsync(
                $"SELECT pg_advisory_unlock_all(); RESET lock_timeout; RESET statement_timeout",
                CancellationToken.None
            );
        }
    }

    private static async Task<bool> TryMigrate(IServiceProvider services, ILogger logger, CancellationToken ct)
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            try
            {
                await using var scope = services.CreateAsyncScope();
                await Migrate(scope.ServiceProvider.GetRequiredService<ShopContext>(), logger, ct);
                LogMessages.SchemaReady(logger, attempt);
                return true;
            }
            catch (Exception error) when (error is NpgsqlException or TimeoutException or InvalidOperationException)
            {
                LogMessages.SchemaNotReady(logger, attempt, error);
                await Task.Delay(Pause, ct);
            }
        }

        return false;
    }
}
