using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Workshop.ServiceDefaults.Tokens;

namespace Workshop.Replicas;

/// <summary>Which processes decide together, from the section <c>Replicas</c>.</summary>
/// <param name="Self">Where the others reach this one.</param>
/// <param name="All">All of them, this one among them, in the same order everywhere.</param>
/// <param name="Secret">Shown by each to each.</param>
internal sealed record ReplicaOptions(Uri Self, ImmutableArray<Uri> All, string Secret)
{
    /// <summary>Entries of the log between marks; what lies before the last mark is forgotten.</summary>
    internal int EntriesPerMark { get; private init; } = DefaultEntriesPerMark;

    /// <summary>More make every decision slower and survive what a classroom does not have.</summary>
    internal const int Most = 5;

    private const string Section = "Replicas";

    private const int DefaultEntriesPerMark = 1000;

    private const int ShortestSecret = 16;

    /// <summary>A follower that hears nothing of its leader for so long, or up to the next bound, asks to lead.</summary>
    internal static readonly TimeSpan ShortestElection = TimeSpan.FromMilliseconds(500);

    /// <summary>See <see cref="ShortestElection"/>; each draws its own time between the two.</summary>
    internal static readonly TimeSpan LongestElection = TimeSpan.FromMilliseconds(900);

    /// <summary>
    /// Share of an election's wait after which the leader is heard again: several times within a lease, so that one slow
    /// round does not end it.
    /// </summary>
    internal const double HeartbeatThreshold = 0.25;

    /// <summary>
    /// How much faster one replica's clock may run than another's. A leader's lease is an election's shortest wait by this,
    /// so that it ends before another can be elected.
    /// </summary>
    internal const double ClockDriftBound = 1.1;

    /// <summary>Longest time in which an entry gets a majority, or is refused.</summary>
    internal static readonly TimeSpan CommitTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Longest time that a write waits for a replica that leads.</summary>
    internal static readonly TimeSpan LeaderTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Whether a replica asks: it shows the secret.</summary>
    internal bool IsOneOfUs(HttpRequest request) =>
        AccessTokens.Matches(request.Headers[ReplicaGate.SecretHeader].ToString(), Secret);

    /// <summary>The other replicas.</summary>
    internal IEnumerable<Uri> Others => All.Where(address => address != Self);

    /// <summary>Reads the section.</summary>
    /// <param name="configuration">The service's.</param>
    /// <param name="problem">What is wrong with it, in one sentence; null where nothing is.</param>
    /// <returns>Null where one process decides alone, which is the default.</returns>
    internal static ReplicaOptions? Read(IConfiguration configuration, out string? problem)
    {
        problem = null;
        var section = configuration.GetSection(Section);
        var texts = section.GetSection("Addresses").Get<string[]>() ?? [];
        if (texts.Length is 0 or 1)
        {
            return null;
        }

        var all = texts.Select(AddressOf).OfType<Uri>().ToImmutableArray();
        var self = AddressOf(section["Self"]);
        var secret = section["Secret"] ?? "";
        var entriesPerMark = section.GetValue("EntriesPerMark", DefaultEntriesPerMark);
        problem =
            all.Length != texts.Length || all.Distinct().Count() != all.Length
                ? "Replicas:Addresses has to name each replica once, as http://host:port."
            : all.Length % 2 == 0 || all.Length > Most ? EvenOrTooMany(all.Length)
            : self is null || !all.Contains(self) ? "Replicas:Self has to be one of Replicas:Addresses."
            : entriesPerMark < 2 ? "Replicas:EntriesPerMark has to be 2 or more."
            : secret.Length < ShortestSecret
                ? $"Replicas:Secret has to be {ShortestSecret} characters or more: by it the replicas know one another."
            : null;
        return problem is null ? new(self!, all, secret) { EntriesPerMark = entriesPerMark } : null;
    }

    private static string EvenOrTooMany(int count) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{count} replicas are no choice: it is 1, 3 or {Most}. An even number survives no more than the odd one below it."
        );

    private static Uri? AddressOf(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { Scheme: "http", AbsolutePath: "/" }
            ? address
            : null;
}
