using Predictors.Data;
using Predictors.Faults;
using Predictors.Models;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Inference;
using Workshop.ServiceDefaults.Sockets;

namespace Predictors.Predict;

/// <summary><c>GET /predict</c> and <c>GET /{network}/predict</c>: one row in the query, one answer.</summary>
internal static class PredictEndpoints
{
    internal static void AddPredict(this WebApplicationBuilder builder, PredictorOptions options)
    {
        builder.Services.AddSingleton<IInferenceServer, InferenceServer>();
        builder.Services.AddSingleton(provider => new Answering(
            provider.GetRequiredService<ModelHost>(),
            provider.GetRequiredService<TimeProvider>(),
            FaultServices.MakeFaulty(provider, options)
        ));
    }

    internal static void MapPredict(this IEndpointRouteBuilder routes)
    {
        routes.MapProtocol();
        routes
            .MapGet("/predict", (HttpContext http, Answering answering) => Predict(http, answering, Networks.Iris))
            .WithTags("Predict")
            .WithSummary("What the model says of one flower")
            .AnsweredAtOnce();
        routes
            .MapGet(
                "/{network}/predict",
                (string network, HttpContext http, Answering answering) =>
                    Networks.Find(network) is { } known
                        ? Predict(http, answering, known)
                        : InferenceRoutes
                            .UnknownNetwork(network, Networks.All.Select(one => one.Name))
                            .ExecuteAsync(http)
            )
            .WithTags("Predict")
            .WithSummary("What the model says of one row")
            .AnsweredAtOnce();
    }

    private static Task Predict(HttpContext http, Answering answering, Network network) =>
        RowQuery.Read(network, http.Request.QueryString.Value, out var row) is { } errors
            ? Problems.Invalid(errors).ExecuteAsync(http)
            : answering.Answer(http, network, [row], id: null, wanted: []);
}
