using Predictors.Data;

namespace Predictors.Predict;

/// <summary><c>GET /predict</c> and <c>GET /{network}/predict</c>: one row in the query, one answer.</summary>
internal static class PredictEndpoints
{
    internal static IEndpointRouteBuilder MapPredict(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/predict", (HttpContext http, Answering answering) => Predict(http, answering, Networks.Iris));
        routes.MapGet(
            "/{network}/predict",
            (string network, HttpContext http, Answering answering) =>
                Networks.Find(network) is { } known
                    ? Predict(http, answering, known)
                    : NotFound(network).ExecuteAsync(http)
        );
        return routes;
    }

    /// <summary>404 for a network that is none.</summary>
    internal static IResult NotFound(string network) =>
        TypedResults.Problem(
            $"There is no network '{network}'. Networks: {string.Join(", ", Networks.All.Select(known => known.Name))}.",
            statusCode: StatusCodes.Status404NotFound
        );

    private static Task Predict(HttpContext http, Answering answering, Network network) =>
        RowQuery.Read(network, http.Request.QueryString.Value, out var row) is { } errors
            ? TypedResults.ValidationProblem(errors, title: "The arguments do not describe a row.").ExecuteAsync(http)
            : answering.Answer(http, network, [row], id: null);
}
