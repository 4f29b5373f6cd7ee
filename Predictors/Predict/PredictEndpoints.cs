using Microsoft.AspNetCore.Http.HttpResults;
using Predictors.Data;
using Predictors.Faults;
using Predictors.Models;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Sockets;

namespace Predictors.Predict;

/// <summary><c>GET /predict</c> and <c>GET /{network}/predict</c>: one row in the query, one answer.</summary>
internal static class PredictEndpoints
{
    internal static void AddPredict(this WebApplicationBuilder builder, PredictorOptions options) =>
        builder.Services.AddSingleton(provider => new Answering(
            provider.GetRequiredService<ModelHost>(),
            provider.GetRequiredService<TimeProvider>(),
            FaultServices.MakeFaulty(provider, options)
        ));

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
                        : NotFound(network).ExecuteAsync(http)
            )
            .WithTags("Predict")
            .WithSummary("What the model says of one row")
            .AnsweredAtOnce();
    }

    /// <summary>404 for a network that is none.</summary>
    internal static ProblemHttpResult NotFound(string network) =>
        Problems.Of(
            StatusCodes.Status404NotFound,
            $"There is no network '{network}'. Networks: {string.Join(", ", Networks.All.Select(known => known.Name))}."
        );

    private static Task Predict(HttpContext http, Answering answering, Network network) =>
        RowQuery.Read(network, http.Request.QueryString.Value, out var row) is { } errors
            ? Problems.Invalid(errors).ExecuteAsync(http)
            : answering.Answer(http, network, [row], id: null, wanted: []);
}
