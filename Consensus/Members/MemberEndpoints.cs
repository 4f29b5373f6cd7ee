using Consensus.Batches;
using Consensus.Clients;
using Consensus.Ledger;
using Microsoft.AspNetCore.Http.HttpResults;
using Workshop.Ledger.Mechanism;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Tokens;

namespace Consensus.Members;

/// <summary>The members: joining, looking, leaving.</summary>
internal static class MemberEndpoints
{
    private const string Member = "the member, by its `memberToken`; the operator";

    internal static void AddMembers(this WebApplicationBuilder builder)
    {
        builder.AddClients();
        builder.Services.AddSingleton<ProbationCheck>();
        builder.Services.AddHostedService<MemberMetrics>();
        builder.Services.AddSingleton<AddressBook>();
        builder.Services.AddSingleton<RegistrationQuota>();
        builder.Services.AddSingleton<Joining>();
        builder.Services.AddSingleton<Moving>();
        builder.Services.AddSingleton<ClaimPoller>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ClaimPoller>());
    }

    internal static void MapMembers(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/predictors").WithTags("Predictors");
        group.MapGet("/", List).WithSummary("All members, with what they own and weigh");
        group.MapGet("/{name}", Find).WithSummary("One member, with its history");
        group
            .MapPost("/", Joining.Register)
            .WithSummary("Registers a predictor, which is asked a first row")
            .RequireAuthorization(AccessTokens.JoinPolicy);
        group.MapPatch("/{name}", Moving.Move).WithSummary("Moves a member to another address").OpenTo(Member);
        group.MapDelete("/{name}", Leave).WithSummary("Leaves the network, and is paid out").OpenTo(Member);
    }

    private static IEnumerable<MemberView> List(LedgerWriter ledger)
    {
        var state = ledger.Now.State;
        return state.Members.Values.Select(member => MemberView.Of(member, state, ledger.Index));
    }

    private static Results<Ok<MemberView>, NotFound> Find(string name, LedgerWriter ledger, MissTracker misses)
    {
        var state = ledger.Now.State;
        return state.Members.TryGetValue(name, out var member)
            ? TypedResults.Ok(
                MemberView.Of(member, state, ledger.Index) with
                {
                    History = ledger.Index.HistoryOf(name),
                    LastMiss = misses.LastMissOf(name),
                }
            )
            : TypedResults.NotFound();
    }

    private static async Task<Results<Ok<MemberView>, NotFound, ProblemHttpResult>> Leave(
        string name,
        HttpContext http,
        LedgerWriter ledger,
        GoldKey key,
        CancellationToken ct
    )
    {
        if (key.RefusalFor(http, name) is { } refusal)
        {
            return refusal;
        }

        return await ledger.Append(_ => new ExitEntry(name), ct) switch
        {
            Applied applied => TypedResults.Ok(MemberView.Of(applied.State.Members[name], applied.State, ledger.Index)),
            Refused { Refusal: Refusal.Unknown } => TypedResults.NotFound(),
            // A client that lost the first answer asks again, and its member leaves as it wanted.
            Refused { Refusal: Refusal.Leaving } => TypedResults.Ok(
                MemberView.Of(ledger.Now.State.Members[name], ledger.Now.State, ledger.Index)
            ),
            Refused refused => Problems.Of(StatusCodes.Status409Conflict, refused.Reason),
            _ => throw new InvalidOperationException("An outcome is applied or refused."),
        };
    }
}
