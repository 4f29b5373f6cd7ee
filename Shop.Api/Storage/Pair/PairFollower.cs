using Workshop.ServiceDefaults.Discovery;
using Workshop.ServiceDefaults.Loops;

namespace Shop.Api.Storage.Pair;

/// <summary>
/// Follows the pair at the registry, by long poll: a new primary is known here within milliseconds. While the registry is
/// away the last answer stands, and the driver's own looking finds a primary that moved meanwhile.
/// </summary>
internal sealed class PairFollower(
    DatabasePair pair,
    CurrentMode mode,
    ServiceWatches watches,
    Background background,
    ILogger<PairFollower> logger
) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        background.Loop("roles of the pair", Go, stoppingToken);

    private async Task Go(CancellationToken stoppingToken)
    {
        if (!watches.IsAvailable)
        {
            LogMessages.NoRegistry(logger);
            return;
        }

        await foreach (var snapshot in watches.Watch(PairRoles.Service).Follow(stoppingToken))
        {
            var before = mode.InForce;
            var roles = PairRoles.Read(snapshot);
            if (pair.Take(roles))
            {
                LogMessages.RolesChanged(logger, roles.Term, roles.Primary?.Name ?? "-", roles.Standby?.Name ?? "-");
            }

            if (mode.InForce != before)
            {
                LogMessages.ModeChanged(logger, before, mode.InForce);
            }
        }
    }
}
