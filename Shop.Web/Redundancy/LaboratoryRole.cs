using Shop.Web.Api;
using Shop.Web.Redundancy.Crowds;
using Shop.Web.Storefront;
using Workshop.ServiceDefaults;
using Workshop.ServiceDefaults.Bodies;
using Workshop.ServiceDefaults.Description;
using Workshop.ServiceDefaults.Tokens;

namespace Shop.Web.Redundancy;

/// <summary>
/// The storefront's program in another role: the simulated customers, who buy by the very code of the pages, and no page.
/// </summary>
internal static class LaboratoryRole
{
    /// <summary>Of the role and of the service.</summary>
    internal const string Name = "laboratory";

    /// <summary>Configuration key of a program's role; <c>Workshop__Role</c> in the environment.</summary>
    private const string RoleKey = "Workshop:Role";

    /// <summary>Whether this is to be the laboratory's process.</summary>
    /// <param name="builder">The application's builder.</param>
    internal static bool IsLaboratory(this WebApplicationBuilder builder) => builder.Configuration[RoleKey] is Name;

    /// <summary>Runs it until it is stopped.</summary>
    /// <param name="builder">The application's builder, with the defaults.</param>
    internal static void RunLaboratory(this WebApplicationBuilder builder)
    {
        builder.AddTokens();
        builder.Services.AddScoped<Trail>();
        builder.AddShopClient();
        builder.AddBuyers();
        builder.Services.AddSingleton<ICrowd, Crowd>();
        builder.Services.AddSingleton<CrowdsUnderWay>();
        builder.AddDescription(
            "Laboratory",
            "Simulated customers, who buy as the storefront's pages do, and the wires between them and the shop."
        );

        var app = builder.Build();
        app.MapServiceDefaults();
        app.UseTokens();
        app.UseWholeBodies();
        app.MapCrowds();
        app.MapDescription("the laboratory");
        app.Run();
    }

    /// <summary>Where a storefront's customers are: in the laboratory's process, where there is one.</summary>
    /// <param name="builder">The application's builder.</param>
    internal static void AddCrowd(this WebApplicationBuilder builder)
    {
        builder.AddServiceClient(Name);
        if (builder.Configuration[$"services:{Name}:http:0"] is { Length: > 0 })
        {
            builder.Services.AddSingleton<ICrowd, RemoteCrowd>();
        }
        else
        {
            builder.Services.AddSingleton<ICrowd, Crowd>();
        }
    }
}
