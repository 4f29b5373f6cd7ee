using System.Collections;
using System.ComponentModel;
using Microsoft.Extensions.Configuration;
using Workshop.AppHost.Hosting;
using Workshop.AppHost.Processes;

namespace Workshop.AppHost.Postgres.Containers;

/// <summary>
/// Docker's or Podman's command line, for what Aspire has no verb for; the words are the same in both.
/// </summary>
internal sealed class ContainerEngine(string program)
{
    /// <summary>Aspire's own choice of an engine.</summary>
    private const string ChoiceVariable = "ASPIRE_CONTAINER_RUNTIME";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private static readonly string[] Programs = ["podman", "docker"];

    /// <summary>
    /// What an engine says of a container that it does not know. Of itself, where it does not run, it may say "no such file".
    /// </summary>
    private static readonly string[] Unknown = ["no such container", "no such object"];

    /// <summary>Finds the engine that answers, and tells Aspire to take the same.</summary>
    /// <param name="configuration">Aspire's; it has read the environment already.</param>
    /// <param name="ct">Ends the search.</param>
    /// <exception cref="HostException">None answers; the message says what to do.</exception>
    internal static async Task<ContainerEngine> Find(IConfiguration configuration, CancellationToken ct)
    {
        var chosen = configuration[ChoiceVariable];
        foreach (var program in chosen is { Length: > 0 } ? [chosen] : Programs)
        {
            var engine = new ContainerEngine(program);
            if (await engine.Answers(ct))
            {
                configuration[ChoiceVariable] = program;
                return engine;
            }
        }

        throw new HostException(
            "--databases containers needs Docker or Podman, and neither answers. Start one, or leave the option out: "
                + "then PostgreSQL runs as processes of this machine."
        );
    }

    /// <summary>SIGKILL, where there is somebody to get it.</summary>
    internal Task Kill(string id, CancellationToken ct) => Try(ct, "kill", id);

    /// <summary>Freezes every process of the container.</summary>
    /// <exception cref="InvalidOperationException">The engine cannot.</exception>
    internal async Task Pause(string id, CancellationToken ct)
    {
        var (_, said) = await Run(ct, "pause", id);
        if (await StatusOf(id, ct) is not "paused")
        {
            throw new InvalidOperationException($"{program} does not freeze {id}: {said.Trim()}");
        }
    }

    /// <summary>Lets it go on.</summary>
    /// <exception cref="InvalidOperationException">The engine cannot.</exception>
    internal async Task Unpause(string id, CancellationToken ct)
    {
        var (_, said) = await Run(ct, "unpause", id);
        if (await StatusOf(id, ct) is "paused")
        {
            throw new InvalidOperationException($"{program} does not let {id} go on: {said.Trim()}");
        }
    }

    /// <summary>The image's stop signal, and SIGKILL after <paramref name="limit"/>.</summary>
    internal Task Stop(string id, TimeSpan limit, CancellationToken ct) =>
        Try(
            ct,
            "stop",
            "--time",
            limit.TotalSeconds.ToString("0", System.Globalization.CultureInfo.InvariantCulture),
            id
        );

    /// <summary>Removes a volume with what is in it; one that is not there is no error.</summary>
    internal Task RemoveVolume(string name, CancellationToken ct) => Try(ct, "volume", "rm", "--force", name);

    /// <summary>
    /// Whether the container's processes are no more. Not by <c>State.Running</c>: Podman says <c>false</c> of a paused
    /// one too.
    /// </summary>
    /// <exception cref="InvalidOperationException">The engine does not say.</exception>
    internal async Task<bool> IsDead(string id, CancellationToken ct) =>
        await StatusOf(id, ct) is null or "exited" or "stopped" or "dead";

    /// <summary>
    /// Removes the containers that an earlier host left with a volume: it was killed, and two servers would write the same files.
    /// </summary>
    internal async Task RemoveHolders(string volume, CancellationToken ct)
    {
        var (asked, output) = await Run(ct, "ps", "--all", "--quiet", "--filter", $"volume={volume}");
        if (asked != 0)
        {
            throw new HostException($"{program} does not say which containers hold {volume}: {output.Trim()}");
        }

        // It may warn of something besides.
        foreach (var id in output.Split('\n', StringSplitOptions.TrimEntries).Where(IsId))
        {
            var (removed, said) = await Run(ct, "rm", "--force", id);
            if (removed != 0)
            {
                throw new HostException(
                    $"Container {id} of an earlier run holds {volume} and cannot be removed: {said.Trim()}"
                );
            }
        }

        static bool IsId(string line) => line.Length > 0 && line.All(char.IsAsciiHexDigit);
    }

    /// <summary>The engine's word for how a container is; null for one that it does not know.</summary>
    /// <exception cref="InvalidOperationException">The engine does not say.</exception>
    private async Task<string?> StatusOf(string id, CancellationToken ct)
    {
        var (exitCode, output) = await Run(ct, "inspect", "--type", "container", "--format", "{{.State.Status}}", id);
        return exitCode == 0 ? output.Trim()
            : Array.Exists(Unknown, words => output.Contains(words, StringComparison.OrdinalIgnoreCase)) ? null
            : throw new InvalidOperationException($"{program} does not say how {id} is: {output}");
    }

    private async Task<bool> Answers(CancellationToken ct)
    {
        try
        {
            var (exitCode, _) = await Run(ct, "info");
            return exitCode == 0;
        }
        catch (Exception e) when (e is Win32Exception or TimeoutException)
        {
            return false;
        }
    }

    /// <summary>What came of it is seen by asking for the state.</summary>
    private async Task Try(CancellationToken ct, params string[] arguments) => await Run(ct, arguments);

    private Task<(int ExitCode, string Output)> Run(CancellationToken ct, params string[] arguments)
    {
        var environment = Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
        return new Command(program, arguments, "/", environment).Run(Limit, ct);
    }
}
