using System.Net;
using Microsoft.AspNetCore.Mvc;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Json;

namespace Registry.Conductor;

/// <summary>
/// The AppHost's control endpoint, which sees a server's process or container dead before it answers. A server that was
/// fenced stays down, whoever starts it, until it rejoins or is started from here.
/// </summary>
internal sealed class HostFence(HttpClient host)
{
    /// <summary>States of a resource whose process is not there.</summary>
    private static readonly string[] Dead = ["Exited", "Failed", "NotStarted"];

    /// <summary>Longest time for a question.</summary>
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(2);

    /// <summary>The host sees the process dead before it answers, or says why not.</summary>
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Recovery after a crash.</summary>
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(120);

    /// <summary>
    /// A fresh copy, and that it streams: long enough for much data, since a second one would be asked for, and made, when the
    /// first is done.
    /// </summary>
    private static readonly TimeSpan CopyTimeout = TimeSpan.FromMinutes(15);

    /// <summary>Ends a server at once, and returns when its processes are gone: that is the proof.</summary>
    /// <exception cref="HttpRequestException">The host cannot be reached, or refuses: there is no proof.</exception>
    /// <exception cref="FenceException">It answered, but the server has not been fenced.</exception>
    public async Task Kill(string server, CancellationToken ct)
    {
        using var response = await Command(server, "fence", KillTimeout, ct);
        if (response.StatusCode is HttpStatusCode.Conflict)
        {
            // It may be that there is nothing left to kill.
            var state = await State(server, ct);
            if (!Dead.Contains(state, StringComparer.Ordinal))
            {
                throw new FenceException($"The host does not end {server}, which is {state}.");
            }

            return;
        }

        response.EnsureSuccessStatusCode();
    }

    /// <summary>Starts a server that does not run, with the data that it has.</summary>
    /// <exception cref="FenceException">
    /// The host is about something else with it: it is no failure, and tried again.
    /// </exception>
    /// <exception cref="HttpRequestException">The host cannot be reached, or refuses.</exception>
    public async Task Start(string server, CancellationToken ct)
    {
        using var response = await Command(server, "unfence", StartTimeout, ct);
        await EnsureDone(server, response, ct);
    }

    /// <summary>Stops a server that the storage mode does not have any more.</summary>
    /// <exception cref="FenceException">
    /// The host is about something else with it: it is no failure, and tried again.
    /// </exception>
    /// <exception cref="HttpRequestException">The host cannot be reached, or refuses.</exception>
    public async Task Stop(string server, CancellationToken ct)
    {
        using var response = await Command(server, "stop", KillTimeout, ct);
        await EnsureDone(server, response, ct);
    }

    /// <summary>Makes a server a fresh copy of the primary, and returns when it streams from it.</summary>
    /// <exception cref="HttpRequestException">The host cannot be reached, or refuses.</exception>
    /// <exception cref="FenceException">It is about something else with it, or cannot make copies.</exception>
    public async Task Rejoin(string server, string primary, CancellationToken ct)
    {
        using var response = await Command(server, "rejoin", CopyTimeout, ct);
        await EnsureDone(server, response, ct);
    }

    /// <summary>Stops the primary cleanly, so that its standby has received all, and returns when it is down.</summary>
    /// <returns>Null, or the host's reason why not.</returns>
    /// <exception cref="HttpRequestException">The host cannot be reached, or refuses.</exception>
    public async Task<string?> SwitchOver(string primary, CancellationToken ct)
    {
        using var response = await Command(primary, "switchover", KillTimeout, ct);
        if (response.StatusCode is HttpStatusCode.Conflict)
        {
            return await Reason(primary, response, ct);
        }

        response.EnsureSuccessStatusCode();
        return null;
    }

    /// <summary>Whether somebody answers who could do all this.</summary>
    public async Task<bool> IsThere(CancellationToken ct)
    {
        try
        {
            await Resources(ct);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Slow is not gone: it is asked again when it matters.
            return true;
        }
    }

    /// <summary>When the host's last backup was made.</summary>
    /// <param name="known">What is known of it, for as long as the host does not say.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>Null where there is none.</returns>
    public async Task<DateTimeOffset?> LastBackup(DateTimeOffset? known, CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(AskTimeout);
        var backups = await host.TryGetJson<Backup[]>(new Uri("/backups", UriKind.Relative), timeout.Token);
        return backups is null ? known : backups.FirstOrDefault()?.At;
    }

    /// <summary>A command that does not fit the resource's state.</summary>
    private static async Task EnsureDone(string server, HttpResponseMessage response, CancellationToken ct)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var reason = await Reason(server, response, ct);
        throw response.StatusCode is HttpStatusCode.Conflict
            ? new FenceException(reason)
            : new HttpRequestException(reason, inner: null, response.StatusCode);
    }

    /// <summary>Why the host does not do it, in its own words.</summary>
    private static async Task<string> Reason(string server, HttpResponseMessage response, CancellationToken ct)
    {
        var problem =
            response.Content.Headers.ContentType?.MediaType is Problems.MediaType
                ? await response.Content.ReadFromJsonAsync<ProblemDetails>(ct)
                : null;
        return problem?.Detail ?? $"The host did not do it with {server}: {(int)response.StatusCode}.";
    }

    private async Task<HttpResponseMessage> Command(string server, string command, TimeSpan limit, CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(limit);
        return await host.PostAsync(new Uri($"/resources/{server}/{command}", UriKind.Relative), null, timeout.Token);
    }

    private async Task<string?> State(string server, CancellationToken ct)
    {
        var resources = await Resources(ct);
        return resources
            .FirstOrDefault(resource => string.Equals(resource.Name, server, StringComparison.Ordinal))
            ?.State;
    }

    private async Task<Resource[]> Resources(CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(AskTimeout);
        return await host.GetFromJsonAsync<Resource[]>(new Uri("/resources", UriKind.Relative), timeout.Token) ?? [];
    }

    /// <summary>A backup as the host lists it, newest first.</summary>
    private sealed record Backup(DateTimeOffset At);

    /// <summary>A resource as the host shows it; the rest is not read here.</summary>
    private sealed record Resource(string Name, string State);
}

/// <summary>The host answered, and what was asked for is not so.</summary>
internal sealed class FenceException : Exception
{
    /// <summary>Says what it showed instead.</summary>
    public FenceException(string message)
        : base(message) { }

    /// <summary>Says what it showed instead, and why.</summary>
    public FenceException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>Says nothing more.</summary>
    public FenceException() { }
}
