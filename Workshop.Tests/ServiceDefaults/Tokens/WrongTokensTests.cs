using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Workshop.ServiceDefaults.Tokens;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Tokens;

/// <summary>Wrong tokens of one address, and of others.</summary>
public sealed class WrongTokensTests
{
    private readonly FakeTimeProvider time = new();
    private readonly HeardLog<WrongTokens> lines = new();

    [Fact]
    public void So_many_of_one_address_are_taken_a_minute_and_those_of_another_are_counted_apart()
    {
        var wrong = new WrongTokens(time, lines);

        Assert.All(Enumerable.Range(0, WrongTokens.Allowed), _ => Assert.Null(wrong.Count(From("192.0.2.1"))));
        Assert.NotNull(wrong.Count(From("192.0.2.1")));
        Assert.Null(wrong.Count(From("192.0.2.2")));
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(TimeSpan.FromSeconds(1), wrong.Count(From("192.0.2.1")));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(wrong.Count(From("192.0.2.1")));
    }

    [Fact]
    public void A_crowd_of_them_is_two_lines_of_the_log_a_minute()
    {
        var wrong = new WrongTokens(time, lines);
        for (var minute = 0; minute < 3; minute++)
        {
            for (var token = 0; token < 5000; token++)
            {
                wrong.Count(From($"10.0.{token / 250}.{token % 250}"));
            }

            time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(5, lines.Lines.Count);
        Assert.Contains(lines.Lines, line => line.Text.Contains("4999", StringComparison.Ordinal));
    }

    private static DefaultHttpContext From(string address) =>
        new() { Connection = { RemoteIpAddress = IPAddress.Parse(address) } };
}
