using System.Collections.Concurrent;
using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Http;

namespace Workshop.Tests.Shop.Web.Redundancy;

/// <summary>Registry, conductor and host of a shop in one, as a storefront asks them. Commands are noted.</summary>
internal sealed class StubShop : IAsyncDisposable
{
    private static readonly string[] Names =
    [
        "registry",
        "shop-api-1",
        "shop-api-2",
        "postgres-1",
        "postgres-2",
        "consensus",
        "consensus-2",
        "consensus-3",
    ];

    private readonly StubMember server;

    private StubShop(StubMember server) => this.server = server;

    /// <summary>Commands so far, as <c>command resource</c>.</summary>
    internal ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>States of the host's resources that are not <c>Running</c>.</summary>
    internal ConcurrentDictionary<string, string> States { get; } = new(StringComparer.Ordinal);

    /// <summary>The storage mode.</summary>
    internal string Mode { get; set; } = "synchronous";

    /// <summary>
    /// Databases under somebody else's conductor, which the registry only observes; null for the workshop's pair.
    /// </summary>
    internal int? Observed { get; set; }

    internal static async Task<StubShop> Start()
    {
        StubShop? shop = null;
        shop = new(await StubMember.Start(context => shop!.Answer(context)));
        return shop;
    }

    /// <summary>A storefront before it.</summary>
    internal StorefrontServer Storefront(params (string Key, string Value)[] settings) =>
        new([("Workshop:HostUrl", server.Url), ("services:registry:http:0", server.Url), .. settings]);

    /// <summary>A storefront before it that nobody's host has started.</summary>
    internal StorefrontServer StorefrontAlone(params (string Key, string Value)[] settings) =>
        new([("services:registry:http:0", server.Url), .. settings]);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private Task Answer(HttpContext context)
    {
        var path = context.Request.Path.Value!.Trim('/').Split('/');
        return path switch
        {
            ["resources"] => context.Response.WriteAsJsonAsync(Names.Select(Resource)),
            ["resources", var name, var command] => Do(context, name, command),
            ["services", "shop-api"] => Service(context, "shop-api", 2, role: null),
            ["services", "shop-db"] => Service(context, "postgres", Observed ?? 2, "primary"),
            ["conductor", "wires", var wire] => Wire(context, wire),
            ["conductor"] => context.Response.WriteAsJsonAsync(
                new
                {
                    mode = Mode,
                    term = 1,
                    rule = Observed is null ? 44 : 0,
                    ruleName = Observed is null ? "all is well" : "only observed",
                    conductor = Observed is null ? "workshop" : "external",
                    primary = "postgres-1",
                    standby = Mode is "basic" ? null : "postgres-2",
                    armed = true,
                    inSync = States.IsEmpty,
                }
            ),
            _ => NotFound(context),
        };
    }

    private Task Do(HttpContext context, string name, string command)
    {
        Commands.Enqueue($"{command} {name}");
        return context.Response.WriteAsJsonAsync(Resource(name));
    }

    private async Task Wire(HttpContext context, string wire)
    {
        using var body = new StreamReader(context.Request.Body);
        Commands.Enqueue($"{context.Request.Method} {wire} {await body.ReadToEndAsync()}".TrimEnd());
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private object Resource(string name) => new { name, state = States.GetValueOrDefault(name, "Running") };

    private static Task Service(HttpContext context, string prefix, int count, string? role) =>
        context.Response.WriteAsJsonAsync(
            new
            {
                service = prefix,
                index = 1,
                instances = Enumerable
                    .Range(1, count)
                    .Select(n => new
                    {
                        instance = $"{prefix}-{n}",
                        address = $"localhost:{3000 + n}",
                        state = "live",
                        metadata = role is null
                            ? null
                            : new Dictionary<string, string>(StringComparer.Ordinal)
                            {
                                ["role"] = n == 1 ? role : "standby",
                            },
                    }),
            }
        );

    private static Task NotFound(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
