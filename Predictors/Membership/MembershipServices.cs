namespace Predictors.Membership;

/// <summary>Registers this predictor with its consensus, and keeps it registered.</summary>
internal static class MembershipServices
{
    /// <summary>Reads the command line and the configuration.</summary>
    /// <returns>What is wrong, for the person who starts the program; null when all is well.</returns>
    internal static string? ReadOptions(
        this WebApplicationBuilder builder,
        IReadOnlyList<string> args,
        out PredictorOptions options
    )
    {
        var contentRoot = builder.Environment.ContentRootPath;
        if (JoinArguments.Read(args, contentRoot, out var settings) is { } misuse)
        {
            options = new();
            return misuse;
        }

        builder.Configuration.AddInMemoryCollection(settings);
        return PredictorOptions.Read(builder.Configuration, contentRoot, out options);
    }

    internal static void AddMembership(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<MembershipHost>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<MembershipHost>());
        builder.Services.AddHealthChecks().AddCheck<MembershipHost>("membership");
    }
}
