using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LaboratoryBench.Processes;
using Registry.Conductor;
using Registry.Conductor.StateMachine;
using Workshop.ServiceDefaults.Json;
using Workshop.Tests.Fixtures;
using Workshop.Tests.ServiceDefaults.Files;
using Xunit;

namespace Workshop.Tests.Registry.Conductor;

/// <summary>The registry on a disk without room: it serves, decides nothing that it cannot write down, and goes on.</summary>
public sealed class FullDiskTests(PostgresFixture postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failover_waits_for_room_and_then_happens()
    {
        await using var disk = await SmallDisk.Mount("full-registry");
        await using var scene = await Scene.Start(postgres, dataFolder: disk.Folder);
        disk.Fill();

        await scene.Pair.First.Kill(Ct);
        var stuck = await scene.Until(
            view => view.Events.Any(one => one.Detail.Contains("space", StringComparison.OrdinalIgnoreCase)),
            "no room"
        );
        await scene.Registry.Register("shop-api", "shop-api-1", 9);
        using var services = await scene.Registry.Reader.GetAsync(new Uri("/services", UriKind.Relative), Ct);
        Assert.Equal(1, stuck.Term);
        Assert.Equal(HttpStatusCode.OK, services.StatusCode);

        disk.Free();
        await scene.Until(view => view is { Primary: "postgres-2", Term: 2 }, "promoted");
        Assert.Equal(2, (await scene.ReadPersistedState(Ct)).Term);
    }

    [Fact]
    public async Task What_a_person_decides_waits_for_room_too()
    {
        await using var disk = await SmallDisk.Mount("full-decision");
        var path = Path.Combine(disk.Folder, "conductor.json");
        await File.WriteAllBytesAsync(
            path,
            JsonSerializer.SerializeToUtf8Bytes(new PersistedState(2, "postgres-2")),
            Ct
        );
        await using var registry = new RegistryServer(
            null,
            ("ConnectionStrings:postgres-1", "Host=localhost;Port=9;Username=nobody"),
            ("Workshop:DataDirectory", disk.Folder),
            ("Workshop:Storage", "basic")
        );
        await Eventually.Gives(
            () => registry.Reader.TryGetJson<ConductorView>(new("/conductor", UriKind.Relative), Ct),
            view => view is not null,
            Ct
        );
        disk.Fill();
        using var taken = await registry.Writer.PostAsync("/conductor/promote?force=true", null, Ct);
        Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        await Until(registry, view => view.RuleName.Contains("cannot be written", StringComparison.Ordinal));

        disk.Free();
        await Until(registry, view => view.Term == 3);
        Assert.Equal(
            new PersistedState(3, "postgres-1", Mode: StorageMode.Basic),
            JsonSerializer.Deserialize<PersistedState>(await File.ReadAllBytesAsync(path, Ct))! with
            {
                // As many as it was tried.
                Change = 0,
            }
        );
    }

    private static async Task Until(RegistryServer registry, Predicate<ConductorView> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (!isSo((await registry.Reader.GetFromJsonAsync<ConductorView>("/conductor", patience.Token))!))
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
