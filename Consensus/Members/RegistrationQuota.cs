using Consensus.Limits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Consensus.Members;

/// <summary>
/// At most so many members are admitted a minute, and as many addresses of members looked at that move: a crowd is seen before
/// all of it is in.
/// </summary>
internal sealed class RegistrationQuota(TimeProvider time)
{
    private const int Admitted = 8;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Rate registrations = new(Admitted, Window, time);

    private readonly Rate moves = new(Admitted, Window, time);

    /// <summary>Runs a registration. One that admits nobody, also because it is given up, takes no place.</summary>
    /// <param name="http">Its answer says when to come again.</param>
    /// <param name="register">Admits or refuses.</param>
    /// <returns>What came of it, or that enough were admitted.</returns>
    internal async Task<Results<Created<MemberView>, ProblemHttpResult>> Admit(
        HttpContext http,
        Func<Task<Results<Created<MemberView>, ProblemHttpResult>>> register
    )
    {
        if (registrations.Refusal(http, Words("Enough members were admitted"), out var place) is { } refusal)
        {
            return refusal;
        }

        var isAdmitted = false;
        try
        {
            var answer = await register();
            isAdmitted = answer.Result is Created<MemberView>;
            return answer;
        }
        finally
        {
            if (!isAdmitted)
            {
                registrations.GiveBack(place);
            }
        }
    }

    /// <summary>Takes a place for a move.</summary>
    /// <param name="http">Its answer says when to come again.</param>
    /// <returns>Null, or the refusal.</returns>
    internal ProblemHttpResult? RefusalOfMove(HttpContext http) =>
        moves.Refusal(http, Words("Enough addresses were looked at"), out _);

    private static string Words(string what) => $"{what} within a minute; Retry-After says when to go on.";
}
