namespace Workshop.ServiceDefaults.Discovery;

/// <summary>Bounds of a client that re-routes.</summary>
public sealed record ReroutingOptions
{
    /// <summary>
    /// Attempts of a look that does not wait for what is gone: as many as a service has replicas in a usual group, so that one
    /// that is away is passed by.
    /// </summary>
    public const int OncePerReplica = 3;

    /// <summary>Most times that one request is sent.</summary>
    public int MaxAttempts { get; init; } = 12;

    /// <summary>Longest time for one attempt.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Longest time for the request with all its attempts and pauses.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>
    /// The first pause, taken once every instance has been tried; it doubles up to <see cref="MaxPause"/>.
    /// </summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest pause between attempts.</summary>
    public TimeSpan MaxPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long an answer is still waited for from an instance that the registry has taken out. One that drains answers
    /// within it; one that hangs never would.
    /// </summary>
    public TimeSpan LeftInstanceGrace { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Largest request body that is kept for repeating, in bytes.</summary>
    public int MaxRequestBytes { get; init; } = 1024 * 1024;

    /// <summary>Largest answer that is read, in bytes; a stream of events has no bound.</summary>
    public int MaxResponseBytes { get; init; } = 16 * 1024 * 1024;
}

/// <summary>What may be sent twice.</summary>
public static class Rerouting
{
    /// <summary>The header that makes any request safe to repeat: the server does the work of one key once.</summary>
    public const string IdempotencyKeyHeader = "Idempotency-Key";

    /// <summary>
    /// Says of one request that its route does the same when it is called twice, for example PUT of a cart.
    /// </summary>
    public static readonly HttpRequestOptionsKey<bool> IsRepeatableOption = new("Workshop.IsRepeatable");

    /// <summary>
    /// True for GET, HEAD and OPTIONS, for any request with an idempotency key, and for one marked with
    /// <see cref="IsRepeatableOption"/>.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <returns>Whether it may be sent again although it may have arrived.</returns>
    public static bool IsRepeatable(HttpRequestMessage request) =>
        request.Method == HttpMethod.Get
        || request.Method == HttpMethod.Head
        || request.Method == HttpMethod.Options
        || request.Headers.Contains(IdempotencyKeyHeader)
        || (request.Options.TryGetValue(IsRepeatableOption, out var isMarked) && isMarked);
}
