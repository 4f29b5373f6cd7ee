using Microsoft.AspNetCore.Http.HttpResults;
using Workshop.Ledger.Witnesses;

namespace Predictors.Witnessing;

/// <summary>What a witness knows of the ledger, by its own word: nobody between it and who asks.</summary>
/// <param name="Name">Under which its key is registered.</param>
/// <param name="Key">SubjectPublicKeyInfo, base64.</param>
/// <param name="Origin">Hash of block 0 of the ledger that it signs; null before it signed.</param>
/// <param name="Height">Of the block that it signed last; null before it signed.</param>
/// <param name="Hash">Of that block.</param>
/// <param name="Signature">Over the lines <c>workshop-ledger</c>, origin, height, hash.</param>
/// <param name="Verified">Blocks in its copy, whose chain holds.</param>
/// <param name="Replayed">Blocks that were replayed behind it.</param>
/// <param name="Head">Hash of the last verified block.</param>
/// <param name="Conflict">How the ledger contradicts what was seen before; null while it does not.</param>
/// <param name="Split">What another witness signed that is not in this ledger; null while nothing is known.</param>
/// <param name="Trouble">What keeps it from its work; null while nothing does.</param>
internal sealed record WitnessReport(
    string Name,
    string Key,
    string? Origin,
    long? Height,
    string? Hash,
    string? Signature,
    long Verified,
    long Replayed,
    string? Head,
    LedgerConflict? Conflict,
    SplitView? Split,
    string? Trouble
)
{
    internal static WitnessReport Of(string name, string key, WitnessStatus status) =>
        new(
            name,
            key,
            status.LastSigned?.Checkpoint.Origin,
            status.LastSigned?.Checkpoint.Height,
            status.LastSigned?.Checkpoint.Hash,
            status.LastSigned?.Signature,
            status.Verified,
            status.Replayed,
            status.Head,
            status.Conflict,
            status.Split,
            status.Trouble
        );
}

/// <summary><c>GET /ledger/witness</c>.</summary>
internal static class WitnessEndpoints
{
    internal static void AddWitness(this WebApplicationBuilder builder, PredictorOptions options)
    {
        builder.Services.AddSingleton(provider => new Lazy<WitnessKey>(() =>
            WitnessHost.OpenKey(options.DataDirectory, provider.GetRequiredService<ILogger<WitnessHost>>())
        ));
        builder.Services.AddSingleton<WitnessHost>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<WitnessHost>());
    }

    internal static void MapWitness(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/ledger/witness", Report)
            .WithTags("Ledger")
            .WithSummary("What this predictor saw of the ledger, and signed");

    private static Results<Ok<WitnessReport>, NotFound> Report(WitnessHost host) =>
        host.Report is { } report ? TypedResults.Ok(report) : TypedResults.NotFound();
}
