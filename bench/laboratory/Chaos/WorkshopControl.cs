using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace LaboratoryBench.Chaos;

/// <summary>The running workshop as its host shows it: resources and commands, and the conductor's word.</summary>
internal sealed class WorkshopControl : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan TimeToCopy = TimeSpan.FromMinutes(2);

    private readonly HttpClient host;
    private readonly HttpClient registry;

    /// <summary>Connects when first asked.</summary>
    /// <param name="hostUrl">The host's control endpoint.</param>
    /// <param name="registryUrl">The registry.</param>
    /// <param name="operatorToken">Who shows it may change what the registry does; null for who only looks.</param>
    public WorkshopControl(Uri hostUrl, Uri registryUrl, string? operatorToken = null)
    {
        host = new() { BaseAddress = hostUrl, Timeout = TimeSpan.FromSeconds(60) };
        registry = new() { BaseAddress = registryUrl, Timeout = TimeSpan.FromSeconds(2) };
        registry.DefaultRequestHeaders.Authorization = operatorToken is null ? null : new("Bearer", operatorToken);
        Registry = registryUrl;
    }

    /// <summary>The registry's address.</summary>
    public Uri Registry { get; }

    /// <summary>Runs a command on a resource; it is done when this returns.</summary>
    public async Task Command(string resource, string command)
    {
        using var response = await host.PostAsync(new Uri($"/resources/{resource}/{command}", UriKind.Relative), null);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{command} {resource}: {await response.Content.ReadAsStringAsync()}");
        }
    }

    /// <summary>The state of every resource, for example <c>Running</c>.</summary>
    public async Task<IReadOnlyDictionary<string, string>> States() => await Members("state");

    /// <summary>Whether the host finds a resource healthy.</summary>
    public async Task<bool> IsHealthy(string resource) =>
        (await Members("health")).GetValueOrDefault(resource) is "Healthy";

    /// <summary>The lines of a resource's console that the host has kept, oldest first.</summary>
    public async Task<IReadOnlyList<string>> Console(string resource)
    {
        var lines = await host.GetFromJsonAsync<JsonElement>($"/resources/{resource}/logs");
        return [.. lines.EnumerateArray().Select(line => line.ToString())];
    }

    private async Task<Dictionary<string, string>> Members(string member)
    {
        var resources = await host.GetFromJsonAsync<JsonElement>("/resources");
        return resources
            .EnumerateArray()
            .ToDictionary(
                entry => entry.GetProperty("name").GetString()!,
                entry => entry.GetProperty(member).GetString() ?? "",
                StringComparer.Ordinal
            );
    }

    /// <summary>The conductor's word; null while it does not answer.</summary>
    public async Task<JsonElement?> Conductor()
    {
        try
        {
            return await registry.GetFromJsonAsync<JsonElement>("/conductor");
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Waits until the conductor says that the pair is whole: a primary, a standby, and promotable.</summary>
    /// <param name="limit">The longest wait.</param>
    /// <param name="leastTerm">Not before this term: after a fault the last word may be older than it.</param>
    /// <returns>How long that took.</returns>
    /// <exception cref="TimeoutException">
    /// It is not, after <paramref name="limit"/>; the message has its last word.
    /// </exception>
    public Task<TimeSpan> UntilArmed(TimeSpan limit, long leastTerm = 0) =>
        Until(word => IsWhole(word) && word.GetProperty("term").GetInt64() >= leastTerm, "armed", limit);

    /// <summary>Changes the storage mode, and waits until the new one is in force.</summary>
    /// <param name="mode">The mode.</param>
    /// <exception cref="TimeoutException">It is not, though two minutes are enough for a copy of a server.</exception>
    public async Task ChangeMode(string mode)
    {
        using var response = await registry.PutAsJsonAsync("/conductor/mode", new { mode });
        response.EnsureSuccessStatusCode();
        await Until(
            word =>
                string.Equals(word.GetProperty("mode").GetString(), mode, StringComparison.Ordinal)
                && word.GetProperty("change").ValueKind is JsonValueKind.Null,
            $"in mode {mode}",
            TimeToCopy
        );
    }

    /// <summary>Waits until the conductor shows that a failover now might lose something.</summary>
    /// <param name="limit">The longest wait.</param>
    /// <returns>How long that took.</returns>
    /// <exception cref="TimeoutException">It does not, after <paramref name="limit"/>.</exception>
    public Task<TimeSpan> UntilNotArmed(TimeSpan limit) =>
        Until(
            word =>
                !IsArmed(word)
                && word.GetProperty("guarantee").GetString()!.StartsWith("RPO 0: not", StringComparison.Ordinal),
            "shown as not armed",
            limit
        );

    /// <summary>Holds the replica back by up to so much (asynchronous mode); zero lets it go.</summary>
    public async Task HoldReplicaBack(TimeSpan lag)
    {
        var body = new { milliseconds = (int)lag.TotalMilliseconds };
        using var response = await registry.PostAsJsonAsync("/conductor/lag", body);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Waits until the conductor shows that the replica lags.</summary>
    /// <param name="least">By at least so much.</param>
    /// <param name="limit">The longest wait.</param>
    /// <returns>How long that took.</returns>
    /// <exception cref="TimeoutException">It does not, after <paramref name="limit"/>.</exception>
    public Task<TimeSpan> UntilLagging(TimeSpan least, TimeSpan limit) =>
        Until(
            word =>
                word.GetProperty("lagMilliseconds") is { ValueKind: JsonValueKind.Number } lag
                && lag.GetDouble() >= least.TotalMilliseconds,
            "shown as lagging",
            limit
        );

    private static bool IsWhole(JsonElement word) =>
        IsArmed(word)
        && word.GetProperty("primary").ValueKind is JsonValueKind.String
        && word.GetProperty("standby").ValueKind is JsonValueKind.String;

    private static bool IsArmed(JsonElement word) => word.GetProperty("armed").GetBoolean();

    private async Task<TimeSpan> Until(Func<JsonElement, bool> isSo, string what, TimeSpan limit)
    {
        var started = Stopwatch.StartNew();
        JsonElement? last = null;
        while (started.Elapsed < limit)
        {
            last = await Conductor() ?? last;
            if (last is { } word && isSo(word))
            {
                return started.Elapsed;
            }

            await Task.Delay(PollInterval);
        }

        throw new TimeoutException($"The pair is not {what} after {limit.TotalSeconds:0} s: {last}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        host.Dispose();
        registry.Dispose();
    }
}
