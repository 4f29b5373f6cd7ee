using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Shop.Web.Site;
using Xunit;

namespace Workshop.Tests.Shop.Web.Site;

/// <summary>A refusal at a line is not lost on a page that cannot draw the line.</summary>
public sealed class NoticeTests
{
    private static readonly Notice AtALine = new("Only 3 left.", IsError: true, Line: "quantity");

    private readonly Notices notices = new(new EphemeralDataProtectionProvider());

    [Fact]
    public void A_page_that_failed_passes_on_what_belongs_to_a_line_and_nothing_else()
    {
        var failed = After(AtALine);
        notices.PassOn(failed);
        Assert.Equal("Only 3 left.", notices.Take(Next(failed))?.Text);

        var shown = After(AtALine with { Line = null });
        notices.PassOn(shown);
        Assert.Null(notices.Take(Next(shown)));
    }

    [Theory]
    [InlineData("HEAD", "empty", 0)]
    [InlineData("HEAD", null, 0)]
    [InlineData("GET", "empty", 0)]
    [InlineData("GET", "document", 1)]
    [InlineData("GET", null, 1)]
    public void Only_a_page_that_is_shown_takes_the_notice(string method, string? destination, int taken)
    {
        var request = After(AtALine);
        (request.Request.Method, request.Request.Headers["Sec-Fetch-Dest"]) = (method, destination);

        Assert.NotNull(notices.Take(request));
        Assert.Equal(taken, request.Response.Headers.SetCookie.Count);
    }

    private DefaultHttpContext After(Notice notice)
    {
        var before = new DefaultHttpContext();
        notices.Leave(before, notice);
        return Next(before);
    }

    /// <summary>The request that a browser sends next, with the cookies that it has by then.</summary>
    private static DefaultHttpContext Next(HttpContext before)
    {
        var next = new DefaultHttpContext();
        // Of one name the last counts; an empty one was deleted.
        var last = before.Response.Headers.SetCookie.LastOrDefault()?.Split(';')[0] ?? "";
        if (!last.EndsWith('='))
        {
            next.Request.Headers.Cookie = last;
        }

        return next;
    }
}
