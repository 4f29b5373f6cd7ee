using Microsoft.AspNetCore.DataProtection;
using Shop.Web.Api;
using Shop.Web.Components;

namespace Shop.Web.Site;

/// <summary>What all pages stand on: static rendering, sealed forms, compression, our own assets.</summary>
internal static class SiteDefaults
{
    /// <summary>Adds the services that every page needs.</summary>
    internal static void AddSite(this WebApplicationBuilder builder)
    {
        // The list of built assets is also there when the program runs from its build folder, in any environment.
        builder.WebHost.UseStaticWebAssets();
        // Development would otherwise send them anew every time, and larger than they are; a build makes them fresh anyway.
        builder.Configuration["ReloadStaticAssetsAtRuntime"] = "false";
        builder.Configuration["EnableStaticAssetsDevelopmentCaching"] = "true";
        builder.Services.AddRazorComponents();
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddResponseCompression();
        builder.Services.AddScoped<Trail>();
        builder.Services.AddSingleton<Notices>();
        builder.Services.AddScoped<Courier>();
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, ProblemPageWriter>());
        builder.Services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "form";
            options.Cookie.SameSite = SameSiteMode.Strict;
            // No X-Frame-Options beside frame-ancestors of the policy.
            options.SuppressXFrameOptionsHeader = true;
        });

        var protection = builder.Services.AddDataProtection().SetApplicationName("Workshop");
        if (builder.Configuration["Workshop:DataDirectory"] is { Length: > 0 } folder)
        {
            // Forms and notices that were open while this server was killed are still good on the next one.
            protection.PersistKeysToFileSystem(new(Path.Combine(folder, "keys")));
        }
    }

    /// <summary>Adds the middleware, assets and pages.</summary>
    internal static void MapSite(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseResponseCompression();
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapTheme();
        app.MapRazorComponents<App>();
    }
}
