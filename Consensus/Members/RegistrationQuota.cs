using Consensus.Limits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Consensus.Members;

/// <summary>At most so many members are admitted a minute: a crowd of names is seen before all of it is in.</summary>
internal sealed class RegistrationQuota(TimeProvider time)
{
    private const int Admitted = 8;

    private readonly Rate rate = new(Admitted, TimeSpan.FromMinutes(1), time);

    /// <summary>Takes a place.</summary>
    /// <param name="http">Its answer says when to come again.</param>
    /// <param name="what">What was done enough, for people.</param>
    /// <returns>Null, or the refusal.</returns>
    internal ProblemHttpResult? Refusal(HttpContext http, string what) =>
        rate.Refusal(http, $"{what} within a minute; Retry-After says when to go on.");

    /// <summary>Gives a place back: what was refused admitted nobody.</summary>
    internal void GiveBack() => rate.GiveBack();
}
