using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Shop.Web.Site;
using Workshop.ServiceDefaults.Methods;
using Xunit;

namespace Workshop.Tests.Shop.Web.Site;

/// <summary>A refusal at a line is not lost on a page that cannot draw the line.</summary>
public sealed class NoticeTests
{
    private static readonly Notice AtALine = new("Only 3 left.", IsError: true, Line: "quantity");

    private readonly Notices notices = new(new EphemeralDataProtectionProvider());

    [Fact]
    public void A_page_that_failed_passes_on_what_belongs_to_a_line_and_what_is_to_be_pressed_again()
    {
        var failed = After(AtALine);
        notices.PassOn(failed);
        Assert.Equal("Only 3 left.", notices.Take(Next(failed))?.Text);

        // With it goes the key under which the same press is sent again.
        var unsure = After(new("Press again.", IsError: true));
        notices.PassOn(unsure);
        Assert.Equal("Press again.", notices.Take(Next(unsure))?.Text);

        var shown = After(new("Product added."));
        notices.PassOn(shown);
        Assert.Null(notices.Take(Next(shown)));
    }

    [Theory]
    [InlineData(true, null, null, 0)]
    [InlineData(false, "Sec-Fetch-Dest", "empty", 0)]
    [InlineData(false, "X-Requested-With", "fetch", 0)]
    [InlineData(false, "Sec-Fetch-Dest", "document", 1)]
    [InlineData(false, null, null, 1)]
    public void Only_a_page_that_is_shown_takes_the_notice(bool isHead, string? header, string? value, int taken)
    {
        var request = After(AtALine);
        if (isHead)
        {
            request.Items[HeadRequests.Mark] = true;
        }

        if (header is not null)
        {
            request.Request.Headers[header] = value;
        }

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
