using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Xunit;

namespace Workshop.Tests.AppHost;

/// <summary>
/// The application's description, built by Aspire's testing package and looked at without being started.
/// </summary>
public sealed class ModelTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_command_stands_twice_on_a_resource()
    {
        await using var builder = await Build();

        Assert.All(
            builder.Resources,
            resource =>
            {
                string[] builtIn = ["start", "stop", "restart", "rebuild"];
                var names = resource
                    .Annotations.OfType<ResourceCommandAnnotation>()
                    .Select(command => command.Name)
                    .Concat(builtIn)
                    .ToArray();
                Assert.Equal(names.Distinct(StringComparer.Ordinal), names, StringComparer.Ordinal);
            }
        );
    }

    [Theory]
    [InlineData("registry", true, false)]
    [InlineData("shop-api-1", true, false)]
    [InlineData("shop-web", true, false)]
    [InlineData("consensus", true, true)]
    [InlineData("predictor-linear", true, false)]
    [InlineData("liar", false, true)]
    public async Task A_service_gets_the_tokens_that_it_uses(string name, bool operatorToken, bool joinToken)
    {
        await using var builder = await Build();
        var environment = await EnvironmentOf(builder, name);

        Assert.Equal(operatorToken, environment.ContainsKey("Workshop__OperatorToken"));
        Assert.Equal(joinToken, environment.ContainsKey("Workshop__JoinToken"));
    }

    [Fact]
    public async Task The_second_database_is_there_in_basic_mode_too_and_waits_to_be_started()
    {
        await using var builder = await Build("--storage", "basic");

        var standby = builder.Resources.Single(resource => resource.Name is "postgres-2");
        Assert.Contains(standby.Annotations, annotation => annotation is ExplicitStartupAnnotation);
    }

    [Fact]
    public async Task One_consensus_is_told_of_no_replicas()
    {
        await using var builder = await Build();

        Assert.DoesNotContain(builder.Resources, resource => resource.Name is "consensus-2");
        Assert.DoesNotContain(builder.Resources, resource => resource.Name is "replica-secret");
        Assert.DoesNotContain(
            await EnvironmentOf(builder, "consensus"),
            variable => variable.Key.StartsWith("Replicas", StringComparison.Ordinal)
        );
        var found = await EnvironmentOf(builder, "shop-web");
        Assert.Single(found.Keys, name => name.StartsWith("services__consensus__", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("shop-web")]
    [InlineData("predictor-bayes")]
    [InlineData("liar")]
    public async Task Three_replicas_know_one_another_and_are_found_under_one_name(string caller)
    {
        await using var builder = await Build("--consensus-replicas", "3");

        string[] replicas = ["consensus", "consensus-2", "consensus-3"];
        foreach (var (index, name) in replicas.Index())
        {
            var environment = await EnvironmentOf(builder, name);
            Assert.Equal(environment[$"Replicas__Addresses__{index}"], environment["Replicas__Self"]);
            Assert.Contains("replica-secret", environment["Replicas__Secret"], StringComparison.Ordinal);
        }

        var found = await EnvironmentOf(builder, caller);
        Assert.Equal(
            ["services__consensus__http__0", "services__consensus__http__1", "services__consensus__http__2"],
            found
                .Keys.Where(name => name.StartsWith("services__consensus__", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
            StringComparer.Ordinal
        );
    }

    [Fact]
    public async Task Replicas_of_both_services_stand_side_by_side()
    {
        await using var builder = await Build("--consensus-replicas", "3", "--registry-replicas", "3");

        Assert.Single(builder.Resources, resource => resource.Name is "replica-secret");
        foreach (var service in new[] { "consensus", "registry" })
        {
            var environment = await EnvironmentOf(builder, service + "-3");
            Assert.Contains(service, environment["Replicas__Addresses__2"], StringComparison.Ordinal);
            Assert.Contains("replica-secret", environment["Replicas__Secret"], StringComparison.Ordinal);
        }
    }

    private static async Task<Dictionary<string, string>> EnvironmentOf(
        IDistributedApplicationTestingBuilder builder,
        string name
    )
    {
        var resource = builder
            .Resources.OfType<ProjectResource>()
            .Single(project => string.Equals(project.Name, name, StringComparison.Ordinal));
#pragma warning disable CS0618 // Its successor wants a logger and a model of its own; only the names are asked for here.
        return await resource.GetEnvironmentVariableValuesAsync(DistributedApplicationOperation.Publish);
#pragma warning restore CS0618
    }

    private static async Task<IDistributedApplicationTestingBuilder> Build(params string[] args) =>
        await DistributedApplicationTestingBuilder.CreateAsync<Projects.Workshop_AppHost>(["--ephemeral", .. args], Ct);
}
