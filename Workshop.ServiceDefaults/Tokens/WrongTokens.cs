using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Workshop.ServiceDefaults.Errors;

namespace Workshop.ServiceDefaults.Tokens;

/// <summary>
/// Wrong tokens by address: so many a minute are answered 401, more 429, and all together make one line of the log a minute.
/// The right token is never kept out, whatever else comes from its address.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="logger">Hears of them.</param>
public sealed class WrongTokens(TimeProvider time, ILogger<WrongTokens> logger)
{
    /// <summary>Wrong tokens of one address within a minute that are answered 401.</summary>
    internal const int Allowed = 60;

    /// <summary>Addresses that are counted apart; those beyond share one count.</summary>
    private const int MostAddresses = 1024;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<IPAddress, int> counts = [];
    private long windowBegan = time.GetTimestamp();
    private int refused;

    /// <summary>Counts the bearer token of a request to which none opened the door, if it carried one.</summary>
    /// <param name="http">The request; its response is told when to come again.</param>
    /// <returns>Whether there were too many: the answer is 429.</returns>
    internal bool AreTooMany(HttpContext http)
    {
        if (BearerToken.Of(http.Request) is null || Count(http) is not { } wait)
        {
            return false;
        }

        http.Response.ComeAgainAfter(wait);
        return true;
    }

    /// <summary>Counts one.</summary>
    /// <param name="http">The request that carried it.</param>
    /// <returns>Null, or how long to wait since there were too many.</returns>
    public TimeSpan? Count(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        lock (gate)
        {
            var passed = time.GetElapsedTime(windowBegan);
            if (passed >= Window)
            {
                if (refused > 1)
                {
                    LogMessages.WrongTokens(logger, refused - 1);
                }

                counts.Clear();
                (windowBegan, passed, refused) = (time.GetTimestamp(), TimeSpan.Zero, 0);
            }

            if (refused++ == 0)
            {
                LogMessages.WrongToken(logger, address);
            }

            var key = counts.ContainsKey(address) || counts.Count < MostAddresses ? address : IPAddress.None;
            counts[key] = counts.GetValueOrDefault(key) + 1;
            return counts[key] > Allowed ? Window - passed : null;
        }
    }
}
