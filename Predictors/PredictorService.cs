using Predictors.Models;
using Predictors.Predict;

namespace Predictors;

/// <summary>Puts the predictor together.</summary>
internal static class PredictorService
{
    /// <summary>Adds the models and what answers with them.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="options">Checked options.</param>
    internal static void AddPredictor(this WebApplicationBuilder builder, PredictorOptions options)
    {
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(services => new ModelCache(
            Path.Combine(options.DataDirectory, "models"),
            services.GetRequiredService<ILogger<ModelCache>>()
        ));
        builder.Services.AddSingleton<ModelHost>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ModelHost>());
        builder.Services.AddHealthChecks().AddCheck<ModelHost>("models");
        builder.Services.AddSingleton<Answering>();
    }
}
