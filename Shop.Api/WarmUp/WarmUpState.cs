using System.Security.Cryptography;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shop.Api.WarmUp;

/// <summary>Whether the warm-up is over, and by what its requests are known.</summary>
internal sealed class WarmUpState : IHealthCheck
{
    /// <summary>The header that the warm-up's own requests carry.</summary>
    public const string Header = "X-Warm-Up";

    private volatile bool isOver;

    /// <summary>Known to this process alone.</summary>
    public string Mark { get; } = RandomNumberGenerator.GetHexString(32);

    /// <summary>Rounds that were made, once it is over.</summary>
    public int Rounds { get; private set; }

    /// <summary>The server is as warm as it gets.</summary>
    /// <param name="rounds">Rounds that were made.</param>
    public void End(int rounds)
    {
        Rounds = rounds;
        isOver = true;
    }

    /// <summary>Whether a request is the warm-up's own; never after its end.</summary>
    /// <param name="request">The request.</param>
    /// <returns>True for one that carries the mark.</returns>
    public bool IsOwn(HttpRequest request) =>
        !isOver && string.Equals(request.Headers[Header], Mark, StringComparison.Ordinal);

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken ct = default) =>
        Task.FromResult(isOver ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The server warms up."));
}
