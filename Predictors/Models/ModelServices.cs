namespace Predictors.Models;

/// <summary>The models: trained at the first start, kept, and loaded afterwards.</summary>
internal static class ModelServices
{
    internal static void AddModels(this WebApplicationBuilder builder, PredictorOptions options)
    {
        var services = builder.Services;
        services.AddSingleton(options);
        services.AddSingleton(provider => new ModelCache(
            options.ModelDirectory,
            provider.GetRequiredService<ILogger<ModelCache>>()
        ));
        services.AddSingleton<ModelHost>();
        services.AddHostedService(provider => provider.GetRequiredService<ModelHost>());
        services.AddHealthChecks().AddCheck<ModelHost>("models");
    }
}
