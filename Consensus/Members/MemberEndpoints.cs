using Consensus.Ledger;
using Consensus.Mechanism;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Tokens;

namespace Consensus.Members;

/// <summary>Who takes part: joining, looking, leaving.</summary>
internal static class MemberEndpoints
{
    internal static void MapMembers(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/predictors").WithTags("Predictors");
        group.MapGet("/", List);
        group.MapGet("/{name}", Find);
        group.MapPost("/", Register).RequireAuthorization(AccessTokens.JoinPolicy);
        group.MapDelete("/{name}", Leave).RequireAuthorization(AccessTokens.OperatorPolicy);
    }

    private static IEnumerable<MemberView> List(LedgerWriter ledger)
    {
        var state = ledger.Now.State;
        return state.Members.Values.Select(member => MemberView.Of(member, state));
    }

    private static Results<Ok<MemberView>, NotFound> Find(string name, LedgerWriter ledger, LedgerChain chain)
    {
        var state = ledger.Now.State;
        return state.Members.TryGetValue(name, out var member)
            ? TypedResults.Ok(MemberView.Of(member, state) with { History = chain.File.Index.HistoryOf(name) })
            : TypedResults.NotFound();
    }

    private static async Task<Results<Created<MemberView>, ProblemHttpResult>> Register(
        RegistrationRequest request,
        LedgerWriter ledger,
        OpenClaims claims,
        Introduction introduction,
        IOptions<ConsensusOptions> options,
        CancellationToken ct
    )
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var entry = Registration.Read(request, options.Value, errors);
        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        if (ledger.Now.State.Members.ContainsKey(entry.Name))
        {
            return Taken(entry.Name);
        }

        var (complete, refusal) = await claims.Complete(entry, ct);
        if (refusal is not null)
        {
            errors["url"] = [refusal];
            return Problems.Invalid(errors);
        }

        await introduction.Meet(complete, ct);
        return await ledger.Append(_ => complete, ct) switch
        {
            Applied applied => TypedResults.Created(
                $"/predictors/{entry.Name}",
                MemberView.Of(applied.State.Members[entry.Name], applied.State)
            ),
            Refused { Refusal: Refusal.NameTaken } => Taken(entry.Name),
            Refused { Refusal: Refusal.Full } full => Conflict(full.Reason),
            Refused refused => Problems.Of(StatusCodes.Status400BadRequest, refused.Reason),
            _ => throw new InvalidOperationException("An outcome is applied or refused."),
        };
    }

    private static async Task<Results<Ok<MemberView>, NotFound, ProblemHttpResult>> Leave(
        string name,
        LedgerWriter ledger,
        CancellationToken ct
    ) =>
        await ledger.Append(_ => new ExitEntry(name), ct) switch
        {
            Applied applied => TypedResults.Ok(MemberView.Of(applied.State.Members[name], applied.State)),
            Refused { Refusal: Refusal.Unknown } => TypedResults.NotFound(),
            Refused refused => Conflict(refused.Reason),
            _ => throw new InvalidOperationException("An outcome is applied or refused."),
        };

    private static ProblemHttpResult Taken(string name) =>
        Conflict($"The name '{name}' is taken, now or in the past. Choose another.");

    private static ProblemHttpResult Conflict(string detail) => Problems.Of(StatusCodes.Status409Conflict, detail);
}
