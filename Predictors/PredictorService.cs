using Predictors.Evaluation;
using Predictors.Faults;
using Predictors.Membership;
using Predictors.Models;
using Predictors.Predict;
using Predictors.Witnessing;
using Workshop.ServiceDefaults.Bodies;
using Workshop.ServiceDefaults.Description;
using Workshop.ServiceDefaults.Identity;

namespace Predictors;

/// <summary>Puts the predictor together.</summary>
internal static class PredictorService
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

    /// <summary>Adds the models and what answers with them.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="options">Checked options.</param>
    internal static void AddPredictor(this WebApplicationBuilder builder, PredictorOptions options)
    {
        var services = builder.Services;
        builder.AddDescription(
            "Predictor",
            "One learner: predictions, the Open Inference Protocol, and how right it is."
        );
        services.AddSingleton(options);
        services.AddSingleton(provider => new ModelCache(
            Path.Combine(options.DataDirectory, "models"),
            provider.GetRequiredService<ILogger<ModelCache>>()
        ));
        services.AddSingleton<ModelHost>();
        services.AddHostedService(provider => provider.GetRequiredService<ModelHost>());
        services.AddSingleton<MembershipHost>();
        services.AddHostedService(provider => provider.GetRequiredService<MembershipHost>());
        services.AddHealthChecks().AddCheck<ModelHost>("models").AddCheck<MembershipHost>("membership");
        services.AddWitness(options);
        services.AddSingleton<EvaluationHost>();
        services.AddHostedService(provider => provider.GetRequiredService<EvaluationHost>());
        services.AddSingleton(provider => new Answering(
            provider.GetRequiredService<ModelHost>(),
            provider.GetRequiredService<TimeProvider>(),
            MakeFaulty(provider, options)
        ));
    }

    /// <summary>Maps all routes.</summary>
    /// <param name="app">After the service defaults.</param>
    internal static void MapPredictor(this WebApplication app)
    {
        app.UseWholeBodies();
        app.MapPredict();
        app.MapProtocol();
        app.MapEvaluation();
        app.MapWitness();
        app.MapDescription("a predictor");
    }

    private static FaultyMember? MakeFaulty(IServiceProvider services, PredictorOptions options)
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
        return new(options, kind, salt, copycat, () => membership.Settled.IsCompleted);
    }
}
