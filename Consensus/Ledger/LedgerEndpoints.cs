using System.Text.Json;
using Consensus.Limits;
using Consensus.Members;
using Microsoft.AspNetCore.Http.HttpResults;
using Workshop.Ledger.Blocks;
using Workshop.Ledger.Mechanism;
using Workshop.Replicas;
using Workshop.ServiceDefaults.Errors;

namespace Consensus.Ledger;

/// <summary>The ledger: where it stands, whether it holds, and the file itself.</summary>
internal static class LedgerEndpoints
{
    private const string DefaultDirectory = ".workshop/consensus";

    private const int DefaultListed = 20;

    private const int MaximumListed = 200;

    /// <summary>The folder that holds all that a consensus keeps.</summary>
    internal static string DirectoryIn(IConfiguration configuration) =>
        configuration["Workshop:DataDirectory"] ?? DefaultDirectory;

    /// <summary>One process keeps the ledger, unless replicas are added behind it.</summary>
    internal static void AddLedger(this WebApplicationBuilder builder)
    {
        var directory = DirectoryIn(builder.Configuration);
        builder.Services.AddSingleton(services => new LedgerChain(
            directory,
            services.GetRequiredService<TimeProvider>()
        ));
        builder.Services.AddSingleton(_ => GoldKey.Open(directory));
        builder.Services.AddSingleton<IBlockCommit, FlushedCommit>();
        builder.Services.AddSingleton<LedgerBeginning>();
        builder.Services.AddSingleton<ServiceEnding>();
        builder.Services.AddSingleton<LedgerOpening>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LedgerOpening>());
        builder.Services.AddSingleton<LedgerWriter>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LedgerWriter>());
        builder.Services.AddSingleton<Verification>();
    }

    internal static void MapLedger(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/ledger").WithTags("Ledger");
        group
            .MapGet("/", Look)
            .WithSummary("The ledger's size, its accounts and its newest blocks")
            .RequireRateLimiting(QueueLimits.LongAnswers);
        group
            .MapGet("/verify", (Verification verification, CancellationToken ct) => verification.Ask(ct))
            .WithSummary("Replays the whole ledger, and says whether it holds");
        group
            .MapGet("/download", Download)
            .WithSummary("The ledger's file, one block a line")
            .RequireRateLimiting(QueueLimits.LongAnswers);
    }

    private static IResult Look(LedgerChain chain, long? from, int? limit)
    {
        if (limit is < 1 or > MaximumListed || from < 0)
        {
            return from < 0
                ? Problems.Invalid("from", "Must be 0 or more.")
                : Problems.Invalid("limit", $"Must be from 1 to {MaximumListed}.");
        }

        var now = chain.Now;
        var count = limit ?? DefaultListed;
        var first = from ?? Math.Max(0, now.Count - count);
        // From a place beyond the end there is nothing to step on to.
        var blocks = Enumerable
            .Range(0, (int)Math.Clamp(now.Count - first, 0, count))
            .Select(step => first + step)
            .Select(height => JsonSerializer.Deserialize<JsonElement>(chain.File.ReadLine(height)));
        try
        {
            return TypedResults.Ok(
                new LedgerView(
                    now.Count,
                    now.Head?.Hash ?? Block.NoHash,
                    now.Length,
                    Accounts.Of(now.State),
                    [.. blocks]
                )
            );
        }
        catch (JsonException)
        {
            return Problems.Of(
                StatusCodes.Status500InternalServerError,
                "The ledger's file was changed under the service: GET /ledger/verify says where."
            );
        }
    }

    /// <summary>
    /// What was written does not change, so a part of it can be asked for, and a download that broke off can go on.
    /// </summary>
    private static FileStreamHttpResult Download(HttpRequest request, LedgerChain chain) =>
        TypedResults.Stream(
            new BoundedStream(chain.File.Path, chain.Now.Length),
            "application/jsonl",
            LedgerFile.FileName,
            // The framework takes every unit for bytes.
            enableRangeProcessing: request
                .GetTypedHeaders()
                .Range?.Unit.Equals(Bytes, StringComparison.OrdinalIgnoreCase)
                ?? true
        );

    private const string Bytes = "bytes";
}

/// <summary>
/// All money that the ledger knows of, in euros: deposits are balances, treasury and what was paid out.
/// </summary>
/// <param name="Deposits">Put in, the treasury's opening included.</param>
/// <param name="Balances">Of all members.</param>
/// <param name="Treasury">Left to pay rewards.</param>
/// <param name="PaidOut">To members that left.</param>
internal sealed record Accounts(decimal Deposits, decimal Balances, decimal Treasury, decimal PaidOut)
{
    internal static Accounts Of(State state) =>
        new(
            Euro.From(state.DepositedCents),
            Euro.From(state.Members.Values.Sum(member => member.BalanceCents)),
            Euro.From(state.TreasuryCents),
            Euro.From(state.PaidOutCents)
        );
}

/// <summary>Where the ledger stands.</summary>
/// <param name="Blocks">How many.</param>
/// <param name="Head">Hash of the last.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Accounts">Money.</param>
/// <param name="Recent">Blocks as they stand in the file, oldest first.</param>
internal sealed record LedgerView(
    long Blocks,
    string Head,
    long Bytes,
    Accounts Accounts,
    IReadOnlyList<JsonElement> Recent
);

/// <summary>What a verification found.</summary>
/// <param name="Valid">Whether every block verifies, and the replay gives what the service shows.</param>
/// <param name="Blocks">Blocks that verify.</param>
/// <param name="Head">Hash of the last of them.</param>
/// <param name="Height">The first block that does not, or is missing; null where all do.</param>
/// <param name="Reason">Why; null where all is well.</param>
/// <param name="Accounts">Money after a replay.</param>
/// <param name="Members">Balances and weights after a replay.</param>
internal sealed record VerificationView(
    bool Valid,
    long Blocks,
    string? Head,
    long? Height,
    string? Reason,
    Accounts Accounts,
    IReadOnlyList<MemberView> Members
);
