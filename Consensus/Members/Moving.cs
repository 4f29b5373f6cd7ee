using Consensus.Ledger;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Witnesses;
using Workshop.ServiceDefaults.Connections;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Tokens;

namespace Consensus.Members;

/// <summary>The body of <c>PATCH /predictors/{name}</c>.</summary>
/// <param name="Url">Where the member answers from now on.</param>
/// <param name="Key">
/// The public key of a member that registered without one: ECDSA P-256, SubjectPublicKeyInfo, base64. It never changes.
/// </param>
internal sealed record MoveRequest(string Url, string? Key = null);

/// <summary>
/// <c>PATCH /predictors/{name}</c>: a member answers at another address. Its stake, weights and history stay.
/// </summary>
internal sealed class Moving(
    LedgerWriter ledger,
    ProbationCheck probation,
    AddressBook addresses,
    RegistrationQuota quota,
    GoldKey key,
    IOptions<ConsensusOptions> options
)
{
    internal static Task<Results<Ok<MemberView>, NotFound, ProblemHttpResult>> Move(
        string name,
        MoveRequest request,
        HttpContext http,
        Moving moving,
        CancellationToken ct
    ) => moving.Move(name, request, http, ct);

    private async Task<Results<Ok<MemberView>, NotFound, ProblemHttpResult>> Move(
        string name,
        MoveRequest request,
        HttpContext http,
        CancellationToken ct
    )
    {
        if (key.RefusalFor(http, name) is { } refusal)
        {
            return refusal;
        }

        if (MemberAddress.Read(request.Url, options.Value.AllowLoopback, out var url) is { } unreadable)
        {
            return AddressBook.Bad(unreadable);
        }

        if (request.Key is { } given && WitnessKey.Violation(given) is { } noKey)
        {
            return Problems.Invalid("key", noKey);
        }

        var state = ledger.Now.State;
        if (!state.Members.TryGetValue(name, out var member))
        {
            return TypedResults.NotFound();
        }

        var move = new MoveEntry(name, url, request.Key);
        // A client that lost the first answer asks again.
        if (string.Equals(member.Url, url, StringComparison.Ordinal))
        {
            return request.Key is null || string.Equals(request.Key, member.Key, StringComparison.Ordinal)
                ? TypedResults.Ok(MemberView.Of(member, state, ledger.Index))
                : Answer(name, await ledger.Append(_ => move, ct));
        }

        // The new address is asked some rows: whoever may move at will could have anybody asked.
        if (!http.User.IsOperator() && quota.RefusalOfMove(http) is { } tooMany)
        {
            return tooMany;
        }

        if (await addresses.ProblemOf(name, url, state, http.IsLocal(), ct) is { } problem)
        {
            return problem;
        }

        var networks = member.Memberships.Where(pair => pair.Value.AtRisk).Select(pair => pair.Key);
        if ((await probation.Check(member with { Url = url }, networks, ct)).Problem is { } miss)
        {
            return Problems.Of(StatusCodes.Status422UnprocessableEntity, miss);
        }

        var (occupied, outcome) = await addresses.Take(name, url, move, ledger, ct);
        return occupied is not null ? occupied : Answer(name, outcome);
    }

    private Results<Ok<MemberView>, NotFound, ProblemHttpResult> Answer(string name, Outcome? outcome) =>
        outcome switch
        {
            Applied applied => TypedResults.Ok(MemberView.Of(applied.State.Members[name], applied.State, ledger.Index)),
            Refused refused => Problems.Of(StatusCodes.Status409Conflict, refused.Reason),
            _ => throw new InvalidOperationException("An outcome is applied or refused."),
        };
}

/// <summary>Who may change a membership.</summary>
internal static class MemberTokens
{
    /// <summary>Why a caller may not change a membership; null for the operator, and for whoever holds its token.</summary>
    internal static ProblemHttpResult? RefusalFor(this GoldKey key, HttpContext http, string name)
    {
        if (
            http.User.IsOperator()
            || (BearerToken.Of(http.Request) is { } given && AccessTokens.Matches(given, key.MemberTokenOf(name)))
        )
        {
            return null;
        }

        return Challenge.Answer(http, "A member leaves or moves by its own memberToken, or by the operator token.");
    }
}
