using System.Text;
using Consensus.Ledger;
using Consensus.Limits;
using Microsoft.AspNetCore.Http.HttpResults;
using Workshop.Ledger.Blocks;
using Workshop.Ledger.Witnesses;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Tokens;

namespace Consensus.Witnesses;

/// <summary><c>/ledger/witnesses</c>: who holds the ledger to which height, by signature.</summary>
internal static class WitnessEndpoints
{
    private const string Witness = "a witness, by its signature";

    private const int HashDigits = 64;

    internal static void AddWitnesses(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LedgerStream>();
        builder.Services.AddSingleton<WitnessBook>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<WitnessBook>());
    }

    internal static void MapWitnesses(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/ledger").WithTags("Ledger");
        group
            .MapGet("/stream", LedgerStream.Listen)
            .WithSummary("The ledger's lines from a height on, and all that come");
        group
            .MapGet("/witnesses", (WitnessBook book) => book.List())
            .WithSummary("Who has signed the ledger, to which height");
        group
            .MapPost("/witnesses", Take)
            .WithSummary("Takes a witness's signature of a block")
            .RequireRateLimiting(QueueLimits.Signatures)
            .OpenTo(Witness);
    }

    private static Results<Ok<WitnessView>, ProblemHttpResult> Take(
        WitnessRequest request,
        LedgerChain chain,
        WitnessBook book,
        TimeProvider time
    )
    {
        if (request.Height < 0 || request.Hash.Length != HashDigits || !request.Hash.All(char.IsAsciiHexDigitLower))
        {
            return Problems.Invalid(
                request.Height < 0 ? "height" : "hash",
                request.Height < 0 ? "Must be 0 or more." : "Must be 64 lower-case hexadecimal digits."
            );
        }

        if (chain.Now.State.Members.GetValueOrDefault(request.Name)?.Key is not { } key)
        {
            return Problems.Of(
                StatusCodes.Status404NotFound,
                "No member of that name has registered a key: it is no witness."
            );
        }

        var origin = HashAt(chain, 0)!;
        if (!WitnessKey.Verifies(key, new(origin, request.Height, request.Hash), request.Signature))
        {
            return Problems.Invalid(
                "signature",
                "Does not verify by the member's key, over this ledger's block 0, height and hash."
            );
        }

        // It goes into the ledger as it came.
        if (!WitnessKey.IsCanonical(request.Signature))
        {
            return Problems.Invalid("signature", "Must be base64 without blanks or line ends.");
        }

        if (string.Equals(HashAt(chain, request.Height), request.Hash, StringComparison.Ordinal))
        {
            book.Keep(request);
            return TypedResults.Ok(book.ViewOf(request.Name, key));
        }

        var fork = ForkOf(request, chain, Block.Write(time.GetUtcNow()));
        book.Keep(request.Name, fork);
        return TypedResults.Problem(
            Problems.Details(
                StatusCodes.Status409Conflict,
                fork.Shown.Height < request.Height
                    ? "The ledger ends before this block."
                    : "The ledger has another block at this height.",
                ("signed", fork.Signed),
                ("shown", fork.Shown)
            )
        );
    }

    private static string? HashAt(LedgerChain chain, long height) =>
        chain.File.ReadLine(height) is { } line ? Block.HashIn(line) : null;

    /// <summary>Both versions, at the block where they part, if the witness said which that is.</summary>
    private static WitnessFork ForkOf(WitnessRequest request, LedgerChain chain, string now)
    {
        var last = Math.Min(request.Height, chain.Now.Count - 1);
        var own = request.Block is { Length: <= LedgerConflict.LongestBlock } text
            ? Encoding.UTF8.GetBytes(text)
            : null;
        var parted = own is not null && Block.Parse(own, out var block) is null ? block!.Height : last;
        return new(
            new(request.Height, request.Hash, request.Signature, own is null ? null : LedgerConflict.Text(own)),
            new(last, HashAt(chain, last)!, null, LedgerConflict.Text(chain.File.ReadLine(parted))),
            now
        );
    }
}
