using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Shop.Web.Site;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Origins;
using Workshop.ServiceDefaults.Tokens;

namespace Shop.Web.Visitors;

/// <summary>What people on other machines may do, where the workshop lets them in (<c>--lan</c>).</summary>
internal static class VisitorDefaults
{
    internal const string SignInPage = "/sign-in";

    /// <summary>The page that signs in, and leads back.</summary>
    /// <param name="page">A page of ours, with its query.</param>
    internal static string SignInFrom(string page) => QueryHelpers.AddQueryString(SignInPage, "back", page);

    private const string SignOutPage = "/sign-out";

    internal static void AddVisitors(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<WrongTokens>();
        builder.Services.AddSingleton<OperatorSession>();
        builder.Services.AddSingleton<LanAddresses>();
    }

    /// <summary>403 for a form that is the operator's, from a visitor who has not signed in; before it is read.</summary>
    internal static void UseVisitorGate(this WebApplication app)
    {
        var session = app.Services.GetRequiredService<OperatorSession>();
        app.Use(
            (http, next) =>
                IsOpen(http) || session.MayOperate(http)
                    ? next(http)
                    : Problems
                        .Of(
                            StatusCodes.Status403Forbidden,
                            "From another machine you may look, buy and join. This is the operator's to do: "
                                + $"whoever holds the operator token signs in at {SignInPage}."
                        )
                        .ExecuteAsync(http)
        );
    }

    internal static void MapVisitors(this WebApplication app) =>
        app.MapPost(SignOutPage, SignOut).RequireOwnForm().OpenToVisitors();

    private static bool IsOpen(HttpContext http) =>
        http.Request.IsRead()
        || http.GetEndpoint() is not { } endpoint
        || endpoint.Metadata.GetMetadata<OpenToVisitorsAttribute>() is not null;

    private static RedirectHttpResult SignOut([FromForm] string? back, HttpContext context)
    {
        OperatorSession.SignOut(context);
        return Back.To(back);
    }
}
