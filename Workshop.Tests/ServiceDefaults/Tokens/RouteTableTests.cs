using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shop.Web.Visitors;
using Workshop.ServiceDefaults.Tokens;
using Workshop.Tests.Architecture;
using Workshop.Tests.Consensus;
using Workshop.Tests.Predictors;
using Workshop.Tests.Registry;
using Workshop.Tests.Shop.Api;
using Workshop.Tests.Shop.Web;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Tokens;

/// <summary>docs/security.md says of every route that writes who may use it; here the routes themselves are asked.</summary>
[Collection(nameof(ShopTests))]
public sealed class RouteTableTests(ShopFixture shop) : IDisposable
{
    private const string Unsaid = "nobody has said";

    private readonly string folder = TestFolders.Create("route-table");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_table_of_the_document_is_what_the_routes_say_of_themselves()
    {
        var (server, _) = await shop.Servers();
        await using var registry = new RegistryServer();
        await using var consensus = new ConsensusFixture();
        await using var storefront = new StorefrontServer();
        await using var laboratory = new StorefrontServer(("Workshop:Role", "laboratory"));
        await using var predictor = new PredictorServer("bayes", folder);
        string[] table =
        [
            .. Rows("Shop.Api", server.Services),
            .. Rows("Shop.Web", storefront.Services),
            .. Rows("laboratory", laboratory.Services),
            .. Rows("Registry", registry.Services),
            .. Rows("Consensus", consensus.Services),
            .. Rows("Predictors", predictor.Services),
        ];

        Assert.DoesNotContain(table, row => row.Contains(Unsaid, StringComparison.Ordinal));
        var document = await File.ReadAllLinesAsync(
            Path.Combine(SourceTree.Root, "docs", "security.md"),
            TestContext.Current.CancellationToken
        );
        var shown = document.Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToArray();
        Assert.True(table.SequenceEqual(shown, StringComparer.Ordinal), string.Join('\n', table));
    }

    private static IEnumerable<string> Rows(string service, IServiceProvider services) =>
        services
            .GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .SelectMany(route =>
                (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["any method"])
                    .Where(method => method is not ("GET" or "HEAD" or "OPTIONS"))
                    .Select(method => $"| `{service}` | `{method} {PathOf(route)}` | {Who(route)} |")
            )
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);

    private static string PathOf(RouteEndpoint route) => "/" + route.RoutePattern.RawText!.Trim('/');

    private static string Who(RouteEndpoint route) =>
        route.Metadata.GetMetadata<IAuthorizeData>()?.Policy switch
        {
            AccessTokens.OperatorPolicy => "the operator",
            AccessTokens.JoinPolicy => "a member to be, by the join token; the operator",
            _ => route.Metadata.GetMetadata<RouteAccess>()?.Who
                ?? (
                    route.Metadata.GetMetadata<IAntiforgeryMetadata>() is not { RequiresValidation: true } ? Unsaid
                    : route.Metadata.GetMetadata<OpenToVisitorsAttribute>() is not null ? "a form of our own pages"
                    : "a form of our own pages; from another machine the operator's"
                ),
        };
}
