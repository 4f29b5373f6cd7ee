using Predictors.Membership;
using Workshop.ServiceDefaults.Identity;

namespace Predictors.Faults;

/// <summary>A member that is told to be dishonest.</summary>
internal static class FaultServices
{
    /// <summary>The fault that the options name; null for an honest member.</summary>
    internal static FaultyMember? MakeFaulty(IServiceProvider services, PredictorOptions options)
    {
        if (FaultCatalogue.Find(options.Fault) is not { } kind)
        {
            return null;
        }

        LogMessages.Dishonest(services.GetRequiredService<ILogger<FaultyMember>>(), options.Fault);
        var name = ServedBy.InstanceName(
            services.GetRequiredService<IConfiguration>(),
            services.GetRequiredService<IHostEnvironment>()
        );
        // The name's characters, so that a restart keeps the salt.
        var salt = name.Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter));
        var copycat =
            kind is FaultKind.Copycat or FaultKind.Betrayer && options.CopyFrom is { } address
                ? new Copycat(address)
                : null;
        var membership = services.GetRequiredService<MembershipHost>();
        return new(options, kind, salt, copycat, () => membership.IsJoined);
    }
}
