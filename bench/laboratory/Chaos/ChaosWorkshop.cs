using System.Globalization;
using System.Text.Json;
using LaboratoryBench.Processes;

namespace LaboratoryBench.Chaos;

/// <summary>A workshop of its own for buyers and faults: the shop runs, and what is of no use to buyers is stopped.</summary>
internal sealed class ChaosWorkshop : IAsyncDisposable
{
    /// <summary>They leave the machine to the shop.</summary>
    private static readonly string[] Bystanders = ["consensus", "shop-web", "predictor-"];

    private readonly WorkshopProcess workshop;
    private readonly ShopClients clients;

    private ChaosWorkshop(WorkshopProcess workshop)
    {
        this.workshop = workshop;
        Control = new(workshop.Control, workshop.Registry, workshop.OperatorToken);
        clients = new(workshop.Registry);
    }

    /// <summary>Commands and facts.</summary>
    public WorkshopControl Control { get; }

    /// <summary>Sends to the shop on the storefront's client path.</summary>
    public HttpClient Shop => clients.Http;

    /// <summary>Starts it; when this returns it is healthy and, with two databases, armed.</summary>
    /// <param name="mode">The storage mode.</param>
    /// <param name="ct">Gives up.</param>
    /// <param name="databases">Where the databases run.</param>
    /// <returns>The running workshop; dispose of it to stop it.</returns>
    public static async Task<ChaosWorkshop> Start(string mode, CancellationToken ct, string databases = "native")
    {
        var chaos = new ChaosWorkshop(await WorkshopProcess.Start(ct, mode, databases: databases));
        try
        {
            var running = (await chaos.Control.States()).Where(entry => entry.Value is "Running");
            foreach (var (name, _) in running.Where(entry => IsBystander(entry.Key)))
            {
                await chaos.Control.Command(name, "stop");
            }

            if (mode is not "basic")
            {
                await chaos.Control.UntilArmed(Faults.HealLimit);
            }

            return chaos;
        }
        catch
        {
            await chaos.DisposeAsync();
            throw;
        }
    }

    /// <summary>Goes over to another storage mode; when this returns it is in force and, with two databases, armed.</summary>
    public async Task ChangeMode(string mode)
    {
        await Control.ChangeMode(mode);
        if (mode is not "basic")
        {
            await Control.UntilArmed(Faults.HealLimit);
        }
    }

    /// <summary>
    /// Keeps what all resources said, and the conductor's word, beside the journal: for people, after a run that failed.
    /// </summary>
    /// <param name="path">The journal's path; the file gets <c>.log</c> behind it.</param>
    public async Task KeepLogs(string path)
    {
        var lines = new List<string> { JsonSerializer.Serialize(await Control.Conductor()) };
        foreach (var (name, _) in await Control.States())
        {
            foreach (var line in await Control.Console(name))
            {
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {line}"));
            }
        }

        await File.WriteAllLinesAsync(path + ".log", lines);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        clients.Dispose();
        Control.Dispose();
        await workshop.DisposeAsync();
    }

    private static bool IsBystander(string name) =>
        Array.Exists(Bystanders, start => name.StartsWith(start, StringComparison.Ordinal));
}
