using Predictors.Evaluation;
using Predictors.Membership;
using Predictors.Models;
using Predictors.Predict;
using Predictors.Witnessing;
using Workshop.ServiceDefaults.Bodies;

namespace Predictors;

/// <summary>The service's table of contents.</summary>
internal static class PredictorService
{
    internal static void AddPredictor(this WebApplicationBuilder builder, PredictorOptions options)
    {
        builder.AddModels(options);
        builder.AddMembership();
        builder.AddWitness(options);
        builder.AddEvaluation();
        builder.AddPredict(options);
    }

    internal static void MapPredictor(this WebApplication app)
    {
        app.UseWholeBodies();
        app.MapPredict();
        app.MapEvaluation();
        app.MapWitness();
    }
}
