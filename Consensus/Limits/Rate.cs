using Microsoft.AspNetCore.Http.HttpResults;
using Workshop.ServiceDefaults.Errors;

namespace Consensus.Limits;

/// <summary>At most so many within any window of time. Safe to call from many threads.</summary>
/// <param name="most">How many; at least 1.</param>
/// <param name="window">Within which time.</param>
/// <param name="time">Measures it.</param>
internal sealed class Rate(int most, TimeSpan window, TimeProvider time)
{
    private readonly Lock gate = new();

    /// <summary>When each within the window began, oldest first; at most as many as are allowed.</summary>
    private readonly List<long> taken = new(most);

    /// <summary>Takes a place.</summary>
    /// <returns>Null, or how long to wait for one.</returns>
    internal TimeSpan? Take() => Take(out _);

    /// <inheritdoc cref="Take()"/>
    /// <param name="place">What <see cref="GiveBack"/> wants.</param>
    internal TimeSpan? Take(out long place)
    {
        lock (gate)
        {
            place = time.GetTimestamp();
            taken.RemoveAll(began => time.GetElapsedTime(began) >= window);
            if (taken.Count >= most)
            {
                return window - time.GetElapsedTime(taken[0]);
            }

            taken.Add(place);
            return null;
        }
    }

    /// <summary>Takes a place for a request.</summary>
    /// <param name="http">Its answer says when to come again.</param>
    /// <param name="detail">Why it is refused, for people.</param>
    /// <param name="place">What <see cref="GiveBack"/> wants.</param>
    /// <returns>Null, or the refusal.</returns>
    internal ProblemHttpResult? Refusal(HttpContext http, string detail, out long place)
    {
        if (Take(out place) is not { } wait)
        {
            return null;
        }

        http.Response.ComeAgainAfter(wait);
        return Problems.Of(StatusCodes.Status429TooManyRequests, detail);
    }

    /// <summary>Gives a place back that was not used.</summary>
    internal void GiveBack(long place)
    {
        lock (gate)
        {
            taken.Remove(place);
        }
    }
}
