using System.Text.Json;
using Workshop.ServiceDefaults.Json;

namespace LaboratoryBench.Processes;

/// <summary>Puts a shared workshop right again, whatever was broken.</summary>
internal static class Repairs
{
    /// <summary>A server that was killed is rewound, or copied anew, before it is the standby.</summary>
    private const int Looks = 600;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// What hangs goes on, the pair is in sync again, which the conductor sees to, what serves the shop runs, and attackers are
    /// gone.
    /// </summary>
    internal static async Task RepairAll(this WorkshopProcess workshop, CancellationToken ct)
    {
        await ForEach(workshop, (name, state) => state is "Paused" ? "resume" : null, ct);
        for (var look = 0; !(await AllRun(workshop, ct) && await IsInSync(workshop, ct)); look++)
        {
            if (look >= Looks)
            {
                throw new TimeoutException("The pair of databases does not come back into sync.");
            }

            await Task.Delay(BetweenLooks, ct);
        }

        // A shop server is started only while both databases run.
        await ForEach(
            workshop,
            (name, state) =>
                (name, state) switch
                {
                    ("shop-api-1" or "shop-api-2", "Exited" or "Failed") => "start",
                    ("liar", "Running") => "kill",
                    _ => null,
                },
            ct
        );
    }

    private static async Task ForEach(
        WorkshopProcess workshop,
        Func<string, string, string?> command,
        CancellationToken ct
    )
    {
        foreach (var resource in (await workshop.Resources(ct)).EnumerateArray())
        {
            var name = resource.GetProperty("name").GetString()!;
            if (command(name, resource.GetProperty("state").GetString()!) is not { } wanted)
            {
                continue;
            }

            try
            {
                await workshop.Command(name, wanted, ct);
            }
            catch (InvalidOperationException) when (IsDatabase(name))
            {
                // It hung, and was ended and replaced meanwhile.
            }
        }
    }

    /// <summary>Whether both databases run: the conductor hears of a death a moment after the host.</summary>
    private static async Task<bool> AllRun(WorkshopProcess workshop, CancellationToken ct) =>
        (await workshop.Resources(ct))
            .EnumerateArray()
            .Where(resource => IsDatabase(resource.GetProperty("name").GetString()!))
            .All(resource => resource.GetProperty("state").ValueEquals("Running"));

    private static bool IsDatabase(string name) => name.StartsWith("postgres", StringComparison.Ordinal);

    private static async Task<bool> IsInSync(WorkshopProcess workshop, CancellationToken ct) =>
        (await workshop.Conductor(ct)).GetProperty("inSync").GetBoolean();

    /// <summary>The database server of a role; null where none has it.</summary>
    internal static async Task<string?> Server(this WorkshopProcess workshop, string role, CancellationToken ct) =>
        (await workshop.Conductor(ct)).GetProperty(role).GetString();

    /// <summary>The conductor's word, as it is shown.</summary>
    internal static async Task<JsonElement> Conductor(this WorkshopProcess workshop, CancellationToken ct)
    {
        using var http = new HttpClient();
        // One that was started just now has not looked yet.
        return await Eventually.Gives(
            () => http.TryGetJson<JsonElement>(new(workshop.Registry, "conductor"), ct),
            word => word.ValueKind is JsonValueKind.Object,
            ct
        );
    }
}
