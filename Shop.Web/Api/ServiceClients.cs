using Workshop.ServiceDefaults.Tokens;

namespace Shop.Web.Api;

/// <summary>Clients of the services behind the storefront that show the operator token.</summary>
internal static class ServiceClients
{
    /// <summary>Adds a client of a service, by the service's name.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="service">The name, in the registry and of the client.</param>
    /// <returns>The client, to configure further.</returns>
    internal static IHttpClientBuilder AddServiceClient(this WebApplicationBuilder builder, string service) =>
        builder.Services.AddHttpClient(
            service,
            client =>
            {
                client.BaseAddress = new($"http://{service}/");
                if (builder.Configuration[AccessTokens.OperatorKey] is { Length: > 0 } token)
                {
                    client.DefaultRequestHeaders.Authorization = new("Bearer", token);
                }
            }
        );
}
