using Predictors.Data;
using Predictors.Models;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Identity;
using Workshop.ServiceDefaults.Inference;
using Workshop.ServiceDefaults.Sockets;

namespace Predictors.Predict;

/// <summary>The Open Inference Protocol v2 over this process's models.</summary>
internal static class ProtocolEndpoints
{
    /// <summary>Rows of one request that are answered on the socket's thread at most; more would keep others waiting.</summary>
    private const int RowsOnSocketThread = 64;

    internal static void MapProtocol(this IEndpointRouteBuilder routes) =>
        routes.MapInference(Infer, route => route.WithSummary("Answers rows").AnsweredAtOnce());

    private static async Task Infer(
        string model,
        string? version,
        InferRequest request,
        HttpContext http,
        Answering answering,
        IInferenceServer server
    )
    {
        if (server.Refusal(model, version) is { } refusal)
        {
            await refusal.ExecuteAsync(http);
            return;
        }

        var network = Networks.Find(model)!;
        var errors = TensorRows.Read(network, request.Inputs, out var rows) ?? CheckOutputs(network, request);
        if (errors is not null)
        {
            await Problems.Invalid(errors).ExecuteAsync(http);
            return;
        }

        if (rows.Length > RowsOnSocketThread)
        {
            // On, in the thread pool.
            await Task.Yield();
        }

        await answering.Answer(
            http,
            network,
            rows,
            request.Id,
            [.. request.Outputs?.Select(output => output.Name) ?? []]
        );
    }

    private static Dictionary<string, string[]>? CheckOutputs(Network network, InferRequest request)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        InferRequest.CheckOutputs(request.Outputs ?? [], Inference.OutputsOf(network), errors);
        return errors.Count > 0 ? errors : null;
    }
}

/// <summary>This process's models, as the protocol sees them.</summary>
internal sealed class InferenceServer(ModelHost models, IConfiguration configuration, IHostEnvironment environment)
    : IInferenceServer
{
    public string Name => ServedBy.InstanceName(configuration, environment);

    public IReadOnlyList<string> Models { get; } = [.. Networks.All.Select(network => network.Name)];

    public ModelMetadata Describe(string model) => NetworkMetadata.Of(Networks.Find(model)!, models.Learner.Name);

    public bool IsReady(string model) => models.Find(Networks.Find(model)!) is not null;
}
