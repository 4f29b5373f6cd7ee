using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Registry.Conductor;
using Shop.Api.Storage;
using Xunit;
using StorageMode = Registry.Conductor.StateMachine.StorageMode;

namespace Workshop.Tests.Registry.Observer;

/// <summary>What a registry and a shop are told where somebody else fails over.</summary>
public sealed class ExternalOptionsTests
{
    private const string Key = "Workshop:Database:Conductor";

    [Fact]
    public void The_registry_takes_every_numbered_server_in_order()
    {
        var options = Registry(
            (Key, "external"),
            ("ConnectionStrings:postgres-10", "Host=j"),
            ("ConnectionStrings:postgres-2", "Host=b"),
            ("ConnectionStrings:postgres-1", "Host=a"),
            ("ConnectionStrings:postgres-x", "Host=x"),
            ("ConnectionStrings:shop", "Host=s")
        );

        Assert.True(options!.IsExternal);
        Assert.Equal(["postgres-1", "postgres-2", "postgres-10"], options.Servers.Keys, StringComparer.Ordinal);
        Assert.Equal(StorageMode.Synchronous, options.Mode);
    }

    [Theory]
    [InlineData("patroni", "", "write workshop or external")]
    [InlineData("external", "basic", "write synchronous or asynchronous")]
    public void What_makes_no_sense_is_refused_in_one_sentence(string conductor, string storage, string sentence)
    {
        (string, string)[] settings =
        [
            (Key, conductor),
            ("Workshop:Storage", storage),
            ("ConnectionStrings:postgres-1", "Host=a"),
            ("ConnectionStrings:shop", "Host=a"),
        ];

        var registry = Assert.Throws<InvalidOperationException>(() => Registry(settings));
        var shop = Assert.Throws<InvalidOperationException>(() => Shop(settings));

        Assert.EndsWith($"{sentence}.", registry.Message, StringComparison.Ordinal);
        Assert.EndsWith($"{sentence}.", shop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_registry_without_servers_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => Registry((Key, "external")));

    [Fact]
    public void The_workshops_own_conductor_is_what_nothing_means()
    {
        Assert.False(Registry(("ConnectionStrings:postgres-1", "Host=a"), ("Workshop:Storage", "basic"))!.IsExternal);
        Assert.False(Shop(("ConnectionStrings:shop", "Host=a")).IsExternal);
        Assert.False(Shop((Key, "workshop"), ("ConnectionStrings:shop", "Host=a")).HasStandby);
    }

    [Fact]
    public void The_shop_takes_every_host_of_its_connection_string()
    {
        var options = Shop((Key, "external"), ("ConnectionStrings:shop", "Host=a:1,b,c:3;Port=7;Database=shop"));

        Assert.Equal(["a:1", "b:7", "c:3"], options.Servers, StringComparer.Ordinal);
        Assert.True(options.HasStandby);
        Assert.Equal(global::Shop.Api.Storage.StorageMode.Synchronous, options.Mode);
    }

    [Fact]
    public void The_workshops_own_wiring_of_a_second_server_serves_too()
    {
        var registry = Registry(
            (Key, "external"),
            ("ConnectionStrings:postgres-1", "Host=a;Username=me"),
            ("Workshop:Standby", "tcp://b:5434")
        );
        var shop = Shop(
            (Key, "external"),
            ("ConnectionStrings:shop", "Host=a;Port=1"),
            ("Workshop:Standby", "tcp://b:2")
        );
        var twice = Shop(
            (Key, "external"),
            ("ConnectionStrings:shop", "Host=a:1,b:2"),
            ("Workshop:Standby", "tcp://b:2")
        );

        Assert.Equal(["postgres-1", "postgres-2"], registry!.Servers.Keys, StringComparer.Ordinal);
        Assert.Equal("Host=b;Username=me;Port=5434", registry.Servers["postgres-2"]);
        Assert.Equal(["a:1", "b:2"], shop.Servers, StringComparer.Ordinal);
        Assert.Equal(["a:1", "b:2"], twice.Servers, StringComparer.Ordinal);
    }

    private static ConductorOptions? Registry(params (string Key, string Value)[] settings) =>
        ConductorOptions.Read(Configuration(settings));

    private static StorageOptions Shop(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Configuration.AddConfiguration(Configuration(settings));
        return StorageOptions.Read(builder);
    }

    private static IConfiguration Configuration((string Key, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                settings.ToDictionary(one => one.Key, one => (string?)one.Value, StringComparer.Ordinal)
            )
            .Build();
}
