using System.Net;
using Shop.Web.Api;
using Shop.Web.Redundancy.Buyers;
using Shop.Web.Redundancy.Wires;

namespace Shop.Web.Redundancy.Crowds;

/// <summary>Who comes to buy, and what.</summary>
/// <param name="Run">Names them; lower case letters and digits.</param>
/// <param name="Products">What they take in turn.</param>
/// <param name="RatePerSecond">Buyers of each kind per second.</param>
/// <param name="Orders">Buyers of each kind in all.</param>
/// <param name="NaiveServer">Host and port that naive buyers ask; null where none of them come.</param>
public sealed record CrowdPlan(
    string Run,
    IReadOnlyList<Guid> Products,
    int RatePerSecond,
    int Orders,
    string? NaiveServer
);

/// <summary>What is heard of a crowd.</summary>
/// <param name="UnderWay">Purchases that have begun and not ended.</param>
/// <param name="Ended">The purchase that has just ended, if one did.</param>
/// <param name="Lost">
/// How the process that had the crowd was lost, as the last news: what those were told who were buying, nobody knows.
/// </param>
/// <param name="BeganAt">When the crowd began, UTC, as the first news. These may come late; purchases count from then.</param>
public sealed record CrowdNews(
    int UnderWay,
    Purchase? Ended = null,
    string? Lost = null,
    DateTimeOffset? BeganAt = null
);

/// <summary>The simulated customers, and the wires by which they reach the shop: here, or in a process of their own.</summary>
public interface ICrowd
{
    /// <summary>Makes sure that there is somebody to send.</summary>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>Null, or why there is nobody.</returns>
    Task<string?> Prepare(CancellationToken ct);

    /// <summary>Sends them to buy.</summary>
    /// <param name="plan">Who and what.</param>
    /// <param name="stop">Nobody more comes; who has come finishes.</param>
    /// <param name="ct">Ends everything.</param>
    /// <returns>First that they have begun, then of each purchase that it began or ended.</returns>
    IAsyncEnumerable<CrowdNews> Send(CrowdPlan plan, CancellationToken stop, CancellationToken ct);

    /// <summary>Has the wire from them to a server behave so, by a proxy that is put into it.</summary>
    /// <param name="server">Its host and port.</param>
    /// <param name="behaviour">How.</param>
    /// <returns>Null, or why it could not be.</returns>
    Task<ApiProblem?> PutWire(DnsEndPoint server, WireRequest behaviour);

    /// <summary>Takes the proxy out of the wire to a server; connections through it end.</summary>
    /// <param name="server">Its host and port.</param>
    Task TakeOutWire(DnsEndPoint server);
}
