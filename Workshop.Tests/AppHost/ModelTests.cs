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
        var resource = builder
            .Resources.OfType<ProjectResource>()
            .Single(project => string.Equals(project.Name, name, StringComparison.Ordinal));
#pragma warning disable CS0618 // Its successor wants a logger and a model of its own; only the names are asked for here.
        var environment = await resource.GetEnvironmentVariableValuesAsync(DistributedApplicationOperation.Publish);
#pragma warning restore CS0618

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

    private static async Task<IDistributedApplicationTestingBuilder> Build(params string[] args) =>
        await DistributedApplicationTestingBuilder.CreateAsync<Projects.Workshop_AppHost>(["--ephemeral", .. args], Ct);
}
