using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Shop.Web.Api;
using Shop.Web.Components;
using Shop.Web.Visitors;

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
            options.Cookie.Name = Cookies.FormCookieOf(builder.Configuration["URLS"]);
            // Strict would hide it from a page that is opened by a link elsewhere, whose answer then replaces it: every form
            // that is open in another tab would be refused.
            options.Cookie.SameSite = SameSiteMode.Lax;
            // No X-Frame-Options beside frame-ancestors of the policy.
            options.SuppressXFrameOptionsHeader = true;
        });

        builder.Services.AddDataProtection().SetApplicationName("Workshop");
        if (builder.Configuration["Workshop:DataDirectory"] is { Length: > 0 } folder)
        {
            // Forms and notices that were open while this server was killed are still good on the next one.
            builder
                .Services.AddOptions<KeyManagementOptions>()
                .Configure<ILogger<KeyFolder>>(
                    (options, logger) => options.XmlRepository = new KeyFolder(Path.Combine(folder, "keys"), logger)
                );
        }
    }

    /// <summary>Adds the middleware, assets and pages.</summary>
    internal static void MapSite(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseResponseCompression();
        app.UseOwnWords();
        app.UseVisitorGate();
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapTheme();
        app.MapRazorComponents<App>();
    }
}
