using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace LaboratoryBench.Failover.Outside;

/// <summary>Three servers under Patroni and three members of etcd, in containers, and a shop on them.</summary>
internal sealed class PatroniSide : IFaultySide
{
    private const string Prefix = "workshop-patroni-";

    private readonly HttpClient registry = new() { Timeout = TimeSpan.FromSeconds(2) };
    private readonly OutsideShop shop;
    private readonly int servers;
    private int strikes;

    private PatroniSide(OutsideShop shop, int servers) => (this.shop, this.servers) = (shop, servers);

    public string Name => "Patroni";

    public IReadOnlyList<OutsideFault> Kinds { get; } = Enum.GetValues<OutsideFault>();

    public HttpClient Shop => shop.Clients.Http;

    /// <summary>Starts the cluster, and then the shop.</summary>
    public static async Task<PatroniSide> Start()
    {
        try
        {
            var said = (await Podman.Cluster("up"))
                .Split('\n')
                .Select(line => line.Split(' '))
                .ToDictionary(words => words[0], words => words[1], StringComparer.Ordinal);
            said.Remove("password", out var password);
            var ports = said.ToDictionary(
                server => server.Key,
                server => int.Parse(server.Value, CultureInfo.InvariantCulture),
                StringComparer.Ordinal
            );
            return new(await OutsideShop.Start(ports, password!), ports.Count);
        }
        catch
        {
            await Podman.Cluster("down");
            throw;
        }
    }

    public bool FailsOver(OutsideFault kind) =>
        kind is OutsideFault.KillPrimary or OutsideFault.PausePrimary or OutsideFault.CutPrimary;

    public async Task<(string? Primary, bool IsWhole)> State()
    {
        if (await View() is not { } view)
        {
            return (null, false);
        }

        var streaming = Databases(view)
            .Count(one => Text(one, "syncState") is "sync" or "quorum" or "potential" or "async");
        return (Text(view, "primary"), view.GetProperty("inSync").GetBoolean() && streaming == servers - 1);
    }

    public async Task<Func<Task>> Strike(OutsideFault kind)
    {
        var target = Prefix + await Target(kind);
        switch (kind)
        {
            case OutsideFault.KillPrimary or OutsideFault.KillStandby or OutsideFault.KillEtcd:
                await Podman.Run("kill", target);
                return () => Podman.Run("start", target);
            case OutsideFault.PausePrimary or OutsideFault.PauseStandby or OutsideFault.PauseEtcd:
                await Podman.Run("pause", target);
                return () => Podman.Run("unpause", target);
            default:
                await Podman.Cluster("cut", target);
                return () => Podman.Cluster("heal", target);
        }
    }

    public async ValueTask DisposeAsync()
    {
        registry.Dispose();
        await shop.DisposeAsync();
        await Podman.Cluster("down");
    }

    private async Task<string> Target(OutsideFault kind)
    {
        var number = (strikes++ % 3) + 1;
        if (kind is OutsideFault.KillEtcd or OutsideFault.PauseEtcd or OutsideFault.CutEtcd)
        {
            return string.Create(CultureInfo.InvariantCulture, $"etcd-{number}");
        }

        var role = FailsOver(kind) ? "primary" : "standby";
        var view = await View() ?? throw new InvalidOperationException("The registry does not answer.");
        return Databases(view)
            .Where(one => string.Equals(Text(one, "role"), role, StringComparison.Ordinal))
            .Select(one => Text(one, "name"))
            .First()!;
    }

    private async Task<JsonElement?> View()
    {
        try
        {
            return await registry.GetFromJsonAsync<JsonElement>(shop.Conductor);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or JsonException)
        {
            return null;
        }
    }

    private static JsonElement.ArrayEnumerator Databases(JsonElement view) =>
        view.GetProperty("databases").EnumerateArray();

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();
}
