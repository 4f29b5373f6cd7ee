using System.Text.RegularExpressions;
using k8s.Models;
using Shop.Api.Limits;
using Xunit;

namespace Workshop.Tests.Deploy;

/// <summary>
/// The AppHost's manifest, Compose and Kubernetes describe one workshop: the same names, ports and variables, but for what is
/// listed here with its reason.
/// </summary>
public sealed partial class SameWorkshopTests
{
    private const string DirectoryVariable = "Workshop__DataDirectory";

    /// <summary>
    /// They are started through the workshop's own host, which is not there: attackers, and the laboratory's process, without
    /// which the storefront sends simulated customers itself.
    /// </summary>
    private static readonly string[] StartedByTheHost =
    [
        "liar",
        "sleeper",
        "random",
        "copycat",
        "partial",
        "betrayer",
        "laboratory",
    ];

    /// <summary>What only the workshop's own host gives.</summary>
    private static readonly string[] OfTheHost =
    [
        // Its control endpoint: nobody kills or fences elsewhere.
        "Workshop__HostUrl",
        // The laboratory, as above.
        "services__laboratory__http__0",
        // The pair's second server: one server, or servers of somebody else's conductor, elsewhere.
        "Workshop__Standby",
    ];

    /// <summary>What only a network of containers needs.</summary>
    private static readonly string[] OfNetworks =
    [
        // Names and networks that are not loopback's.
        "Workshop__Origins__Hosts__0",
        "Workshop__Origins__Hosts__1",
        // The storefront's origin behind somebody else's TLS.
        "Workshop__Origins__Allowed__0",
        "Consensus__MemberNetworks__0",
        // Who fails the databases over.
        "Workshop__Database__Conductor",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Compose_with_Patroni_gives_every_service_that_asks_a_database_all_three_of_them()
    {
        var patroni = ComposeFile.Read(ComposeFile.PatroniPath);
        string[] databases = ["postgres-1", "postgres-2", "postgres-3"];
        var own = ComposeFile.Read().Keys;

        Assert.Equal(
            ["etcd-1", "etcd-2", "etcd-3", "postgres-2", "postgres-3"],
            patroni.Keys.Except(own, StringComparer.Ordinal).Order(StringComparer.Ordinal),
            StringComparer.Ordinal
        );
        Assert.All(databases, name => Assert.Equal(name, patroni[name].Environment["NODE_ADDRESS"]));
        Assert.All(patroni.Values, service => Assert.Contains("networks", service.Settings, StringComparer.Ordinal));
        foreach (var name in new[] { "registry", "shop-migrations", "shop-api-1", "shop-api-2" })
        {
            Assert.Equal("external", patroni[name].Environment["Workshop__Database__Conductor"]);
            Assert.Equal("synchronous", patroni[name].Environment["Workshop__Storage"]);
        }

        Assert.All(
            ["shop-migrations", "shop-api-1", "shop-api-2"],
            name =>
                Assert.StartsWith(
                    $"Host={string.Join(',', databases.Select(database => database + ":5432"))};",
                    patroni[name].Environment["ConnectionStrings__shop"],
                    StringComparison.Ordinal
                )
        );
        Assert.All(
            databases.Skip(1),
            name =>
                Assert.Contains(
                    $"ConnectionStrings__{name}",
                    patroni["registry"].Environment.Keys,
                    StringComparer.Ordinal
                )
        );
    }

    [Fact]
    public async Task Compose_has_the_services_of_the_AppHost_with_their_ports_and_variables()
    {
        var services = ComposeFile.Read();
        var resources = await Described();

        // The accounts are made by the AppHost itself, and the second server is its conductor's.
        Assert.Equal(
            resources.Keys.Where(name => name is not "postgres-2").Append("accounts").Order(StringComparer.Ordinal),
            services.Keys.Order(StringComparer.Ordinal)
        );
        Assert.All(
            Projects(resources),
            resource =>
            {
                var service = services[resource.Name];
                Assert.Equal(Own(resource.Environment, OfTheHost), Own(service.Environment.Keys, OfNetworks));
                Assert.Equal(resource.Name, service.Environment["OTEL_SERVICE_NAME"]);
                Assert.Equal(resource.Port is { } port ? [port] : [], service.Ports);
                Assert.Equal(
                    resource.Port is { } own ? FormattableString.Invariant($"http://*:{own}") : null,
                    service.Environment.GetValueOrDefault("ASPNETCORE_URLS")
                );
                Assert.EndsWith(
                    $"/{ImageOf(resource.Name)}:${{WORKSHOP_TAG:-dev}}",
                    service.Image,
                    StringComparison.Ordinal
                );
            }
        );
    }

    [Fact]
    public void A_service_of_Compose_may_write_nowhere_but_in_its_volume()
    {
        var services = ComposeFile
            .Read()
            .Values.Where(service => service.Image.Contains("workshop", StringComparison.Ordinal))
            .ToArray();

        Assert.True(services.Length > 10);
        Assert.All(
            services,
            service =>
                Assert.Superset(
                    new HashSet<string>(StringComparer.Ordinal) { "read_only", "cap_drop", "security_opt", "restart" },
                    service.Settings.ToHashSet(StringComparer.Ordinal)
                )
        );
    }

    [Fact]
    public void The_storefront_may_ask_for_all_of_its_visitors_though_it_is_one_address()
    {
        const string limit = "Shop__Limits__RequestsPerSecond";
        var local = FormattableString.Invariant($"{new LimitOptions().LocalRequestsPerSecond}");

        Assert.All(
            ["shop-api-1", "shop-api-2"],
            name => Assert.Equal(local, ComposeFile.Read()[name].Environment[limit])
        );
        Assert.Equal(local, Manifests.Workloads().Single(workload => workload.Name is "shop-api").Value(limit));
    }

    [Fact]
    public async Task Kubernetes_has_the_services_of_the_AppHost_with_their_ports_and_variables()
    {
        var resources = await Described();
        var workloads = Manifests.Workloads().ToDictionary(workload => workload.Name, StringComparer.Ordinal);
        var ports = Manifests
            .Read()
            .OfType<V1Service>()
            .ToDictionary(
                service => service.Name(),
                service => service.Spec.Ports.Single().Port,
                StringComparer.Ordinal
            );

        // Servers that differ by a number only are replicas of one workload; the databases are CloudNativePG's.
        Assert.Equal(
            Projects(resources)
                .Select(resource => WithoutNumber(resource.Name))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
            workloads.Keys.Order(StringComparer.Ordinal)
        );
        Assert.Equal("postgres", Manifests.Read().OfType<PostgresCluster>().Single().Name());
        Assert.All(
            Projects(resources).DistinctBy(resource => WithoutNumber(resource.Name), StringComparer.Ordinal),
            resource =>
            {
                var workload = workloads[WithoutNumber(resource.Name)];
                Assert.Equal(
                    Own(resource.Environment, OfTheHost),
                    Own(workload.Environment.Select(variable => variable.Name), OfNetworks)
                );
                Assert.Equal(resource.Port, workload.Port);
                Assert.Equal($"workshop/{ImageOf(resource.Name)}", workload.Container.Image);
                Assert.Equal(resource.Port ?? 0, ports.GetValueOrDefault(workload.Name));
            }
        );
    }

    private static async Task<Dictionary<string, WorkshopResource>> Described() =>
        (await WorkshopManifest.Write(Ct))
            .Values.Where(resource =>
                resource.Type.StartsWith("project.", StringComparison.Ordinal)
                || resource.Type.StartsWith("container.", StringComparison.Ordinal)
            )
            .Where(resource => !StartedByTheHost.Contains(resource.Name, StringComparer.Ordinal))
            .ToDictionary(resource => resource.Name, StringComparer.Ordinal);

    private static WorkshopResource[] Projects(Dictionary<string, WorkshopResource> resources) =>
        [.. resources.Values.Where(resource => resource.Type.StartsWith("project.", StringComparison.Ordinal))];

    /// <summary>The workshop's own variables, of which the AppHost's many ports are one.</summary>
    private static string[] Own(IEnumerable<string> variables, string[] without) =>
        [
            .. variables
                .Where(name => OwnVariable().IsMatch(name) && name is not DirectoryVariable)
                .Except(without, StringComparer.Ordinal)
                .Where(name => !FurtherPort().IsMatch(name))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The project's name, as deploy/images/Container.targets writes it.</summary>
    private static string ImageOf(string service) =>
        service switch
        {
            "shop-migrations" => "shop-api",
            _ when service.StartsWith("predictor-", StringComparison.Ordinal) => "predictors",
            _ => WithoutNumber(service),
        };

    private static string WithoutNumber(string name) => Number().Replace(name, "");

    [GeneratedRegex(
        "^(Workshop__|Predictor__|Consensus__|services__|ConnectionStrings__(shop|postgres-1)$)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex OwnVariable();

    [GeneratedRegex(
        "^Consensus__OwnPorts__([1-9]|[1-9][0-9])$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex FurtherPort();

    [GeneratedRegex("-[0-9]+$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();
}
