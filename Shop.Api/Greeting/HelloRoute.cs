using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Shop.Api.Wire.Description;

namespace Shop.Api.Greeting;

/// <summary>What a server says of itself.</summary>
/// <param name="Message">The greeting.</param>
/// <param name="Server">Host and port of this server, for example <c>localhost:3001</c>.</param>
public sealed record Hello(string Message, string Server);

/// <summary>The workshop's first route.</summary>
public static class HelloRoute
{
    /// <summary>Maps <c>GET /</c>.</summary>
    /// <param name="routes">Where to.</param>
    public static void MapHello(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/",
                (IConfiguration configuration, IServer server) =>
                    TypedResults.Ok(new Hello("Hello, World!", Address(configuration, server)))
            )
            .WithTags("Operations")
            .Describe("The greeting of the instance that answers");

    /// <summary>The address that the host gave, else the one that is listened on.</summary>
    private static string Address(IConfiguration configuration, IServer server)
    {
        var address =
            configuration["Workshop:Address"]
            ?? server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
            ?? "http://localhost";
        return new UriBuilder(address.Replace("[::]", "localhost", StringComparison.Ordinal)).Uri.Authority;
    }
}
