using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LaboratoryBench.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Workshop.ServiceDefaults.Loops;
using Workshop.ServiceDefaults.Sockets;
using Xunit;

namespace Workshop.Tests.Consensus.Clients;

/// <summary>A classmate behind a slow line.</summary>
public sealed class SlowLineTests
{
    private const string Far = "far";

    private static readonly Uri Batches = new("/iris/batches", UriKind.Relative);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_member_behind_a_slow_line_is_late_and_not_lost()
    {
        await using var near = await StubMember.Says(0.9, 0.1, 0);
        await using var far = await StubMember.Start(StubMember.Well);
        await using var line = new FaultyWire(
            new DnsEndPoint("localhost", new Uri(far.Url).Port),
            TimeProvider.System,
            new(TimeProvider.System, NullLogger<Background>.Instance)
        );
        await using var fixture = new ConsensusFixture().With("Consensus:MemberDeadline", "00:00:05");
        await fixture.Register("near", near.Url);
        await fixture.Register(Far, FormattableString.Invariant($"http://127.0.0.1:{line.Port}"), "v2");

        // Much of what it may take: slow, and there.
        line.Delay = TimeSpan.FromMilliseconds(500);
        Assert.Null(await Miss(fixture));

        line.Delay = TimeSpan.FromSeconds(8);
        Assert.Equal("late", await Miss(fixture));
        var member = await fixture.Get($"/predictors/{Far}");
        Assert.Equal("late", member.GetProperty("lastMiss").GetProperty("reason").GetString());
        Assert.Equal("active", State(member));

        line.Delay = TimeSpan.Zero;
        Assert.Null(await Miss(fixture));
    }

    private static string? State(JsonElement member) => member.GetProperty("state").GetString();

    /// <summary>Runs a batch; what was missing of the far member in it.</summary>
    private static async Task<string?> Miss(ConsensusFixture fixture)
    {
        using var client = fixture.Insider();
        using var response = await client.PostAsJsonAsync(Batches, new { size = 8 }, Ct);
        response.EnsureSuccessStatusCode();
        var number = (await response.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("number").GetInt64();
        var batch = await fixture.Get($"/iris/batches/{number}");
        return batch
            .GetProperty("members")
            .EnumerateArray()
            .Single(member => member.GetProperty("name").ValueEquals(Far))
            .GetProperty("miss")
            .GetString();
    }
}
