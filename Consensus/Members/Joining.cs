using System.Collections.Immutable;
using Consensus.Ledger;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Workshop.Ledger.Mechanism;
using Workshop.ServiceDefaults.Connections;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Tokens;

namespace Consensus.Members;

/// <summary><c>POST /predictors</c>: what is checked before a member is written into the ledger.</summary>
internal sealed class Joining(
    LedgerWriter ledger,
    ClaimPoller claims,
    ProbationCheck probation,
    AddressBook addresses,
    RegistrationQuota quota,
    GoldKey key,
    IOptions<ConsensusOptions> options
)
{
    internal static Task<Results<Created<MemberView>, ProblemHttpResult>> Register(
        RegistrationRequest request,
        HttpContext http,
        Joining joining,
        CancellationToken ct
    ) => joining.Admit(request, http, ct);

    /// <summary>The operator's own members are no crowd: the quota is for those that hold the join token.</summary>
    private async Task<Results<Created<MemberView>, ProblemHttpResult>> Admit(
        RegistrationRequest request,
        HttpContext http,
        CancellationToken ct
    )
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var read = Registration.Read(request, options.Value, errors);
        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        return http.User.IsOperator()
            ? await Register(read with { Founder = true })
            : await quota.Admit(http, () => Register(read));

        async Task<Results<Created<MemberView>, ProblemHttpResult>> Register(RegistrationEntry entry) =>
            await Check(entry, http.IsLocal(), ct) is { } refusal ? refusal : await Write(entry, ct);
    }

    /// <summary>Name and address: what is refused without asking the member anything.</summary>
    private async Task<ProblemHttpResult?> Check(RegistrationEntry entry, bool isFromHere, CancellationToken ct)
    {
        var state = ledger.Now.State;
        return LookAlike.Find(state, entry.Name) is { } taken
            ? Taken(entry.Name, taken)
            : await addresses.ProblemOf(entry.Name, entry.Url, state, isFromHere, ct);
    }

    private async Task<Results<Created<MemberView>, ProblemHttpResult>> Write(
        RegistrationEntry entry,
        CancellationToken ct
    )
    {
        var (complete, refusal) = await claims.Complete(entry, ct);
        if (refusal is not null)
        {
            return AddressBook.Bad(refusal);
        }

        var member = new Member(
            complete.Name,
            complete.Url,
            complete.Protocol,
            ImmutableSortedDictionary<string, Membership>.Empty,
            null,
            0
        );
        var met = await probation.Check(member, complete.Networks.Select(claim => claim.Network), ct);
        if (met.Problem is { } problem)
        {
            return Problems.Of(StatusCodes.Status422UnprocessableEntity, problem);
        }

        var (occupied, outcome) = await addresses.Take(complete.Name, complete.Url, complete, ledger, ct);
        if (occupied is not null)
        {
            return occupied;
        }

        return outcome switch
        {
            Applied applied => TypedResults.Created(
                $"/predictors/{entry.Name}",
                MemberView.Of(applied.State.Members[entry.Name], applied.State, ledger.Index) with
                {
                    MemberToken = key.MemberTokenOf(entry.Name),
                    FirstAnswers = met.Answers,
                }
            ),
            Refused { Refusal: Refusal.NameTaken or Refusal.Full } refused => Conflict(refused.Reason),
            Refused refused => Problems.Of(StatusCodes.Status400BadRequest, refused.Reason),
            _ => throw new InvalidOperationException("An outcome is applied or refused."),
        };
    }

    private static ProblemHttpResult Taken(string name, string taken) =>
        Conflict(
            string.Equals(name, taken, StringComparison.Ordinal)
                ? $"The name '{name}' is taken, now or in the past. Choose another."
                : $"The name '{name}' looks like '{taken}', which is taken. Choose another."
        );

    private static ProblemHttpResult Conflict(string detail) => Problems.Of(StatusCodes.Status409Conflict, detail);
}
