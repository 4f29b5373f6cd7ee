using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Shop.Web.Visitors;

namespace Shop.Web.Site;

/// <summary>Light, dark, or as the reader's system has it.</summary>
internal static class ThemeRoutes
{
    internal const string Path = "/theme";

    internal static void MapTheme(this WebApplication app) =>
        app.MapPost(Path, Choose).RequireOwnForm().OpenToVisitors();

    private static RedirectHttpResult Choose([FromForm] string theme, [FromForm] string? back, HttpContext context)
    {
        context.SetTheme(theme);
        return Back.To(back);
    }
}
