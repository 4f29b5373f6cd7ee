using LaboratoryBench.Chaos;

namespace LaboratoryBench.Failover.Outside;

/// <summary>The workshop's own pair in containers, under its own conductor.</summary>
internal sealed class OwnSide : IFaultySide
{
    private readonly ChaosWorkshop workshop;

    private OwnSide(ChaosWorkshop workshop) => this.workshop = workshop;

    public string Name => "the workshop's conductor";

    public IReadOnlyList<OutsideFault> Kinds { get; } =
    [.. Enum.GetValues<OutsideFault>().Where(kind => kind < OutsideFault.KillEtcd)];

    public HttpClient Shop => workshop.Shop;

    /// <summary>Starts it.</summary>
    public static async Task<OwnSide> Start() =>
        new(await ChaosWorkshop.Start("synchronous", CancellationToken.None, "containers"));

    /// <summary>The conductor hears both servers where they do not hear each other: nobody has to take over.</summary>
    public bool FailsOver(OutsideFault kind) => kind is OutsideFault.KillPrimary or OutsideFault.PausePrimary;

    public async Task<(string? Primary, bool IsWhole)> State() =>
        await workshop.Control.Conductor() is { } view
            ? (view.GetProperty("primary").GetString(), view.GetProperty("inSync").GetBoolean())
            : (null, false);

    public async Task<Func<Task>> Strike(OutsideFault kind)
    {
        var isPrimary = kind is OutsideFault.KillPrimary or OutsideFault.PausePrimary or OutsideFault.CutPrimary;
        var view = await workshop.Control.Conductor() ?? throw new InvalidOperationException("No conductor answers.");
        var target = view.GetProperty(isPrimary ? "primary" : "standby").GetString()!;
        switch (kind)
        {
            case OutsideFault.KillPrimary or OutsideFault.KillStandby:
                await workshop.Control.Command(target, "kill");
                return () => Task.CompletedTask;
            case OutsideFault.PausePrimary or OutsideFault.PauseStandby:
                await workshop.Control.Command(target, "pause");
                return () => Resume(target);
            default:
                var container = await Podman.Find($"{target}-");
                await Podman.Cluster("cut", container);
                return () => Podman.Cluster("heal", container);
        }
    }

    public ValueTask DisposeAsync() => workshop.DisposeAsync();

    /// <summary>The conductor may have ended it.</summary>
    private async Task Resume(string target)
    {
        if ((await workshop.Control.States()).GetValueOrDefault(target) is "Paused")
        {
            await workshop.Control.Command(target, "resume");
        }
    }
}
