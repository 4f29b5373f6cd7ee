using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Consensus.Ledger;
using Consensus.Members;
using LaboratoryBench.Processes;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Workshop.Tests.Consensus.Members;

/// <summary>Addresses, quota and founders.</summary>
public sealed class JoiningTests
{
    [Fact]
    public async Task One_address_is_one_member_and_our_own_services_are_none()
    {
        await using var stub = await StubMember.Start(StubMember.Well);
        await using var service = await StubMember.Start(StubMember.Well);
        await using var fixture = new ConsensusFixture().With("services:registry:http:0", service.Url);
        using var client = fixture.Joiner();
        using var first = await client.PostAsync(new Uri("/predictors", UriKind.Relative), Json(At(stub)));
        var byName = stub.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        using var again = await client.PostAsync(
            new Uri("/predictors", UriKind.Relative),
            Json($"{{\"name\":\"bob\",\"url\":\"{byName}\",\"networks\":[\"iris\"]}}")
        );
        using var ours = await client.PostAsync(new Uri("/predictors", UriKind.Relative), Json(At(service, "eve")));

        Assert.Equal(
            [HttpStatusCode.Created, HttpStatusCode.Conflict, HttpStatusCode.BadRequest],
            [first.StatusCode, again.StatusCode, ours.StatusCode]
        );
    }

    [Fact]
    public async Task Two_that_join_with_one_address_at_the_same_time_are_one_member()
    {
        var asked = 0;
        var bothAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var stub = await StubMember.Start(async context =>
        {
            if (Interlocked.Increment(ref asked) == 2)
            {
                bothAsked.SetResult();
            }

            await bothAsked.Task;
            await StubMember.Well(context);
        });
        await using var fixture = new ConsensusFixture();
        using var client = fixture.Joiner();
        string[] names = ["ann", "bob"];

        var answers = await Task.WhenAll(
            names.Select(name =>
                client.PostAsync(
                    new Uri("/predictors", UriKind.Relative),
                    Json($$"""{"name":"{{name}}","url":"{{stub.Url}}","networks":["iris"],"declaredAccuracy":0.9}""")
                )
            )
        );

        Assert.Equal(
            [HttpStatusCode.Created, HttpStatusCode.Conflict],
            answers.Select(answer => answer.StatusCode).Order()
        );
        Assert.Single((await fixture.Get("/predictors")).EnumerateArray());
    }

    [Fact]
    public async Task Addresses_that_were_looked_up_are_not_kept_without_end()
    {
        await using var fixture = new ConsensusFixture();
        var book = fixture.Services.GetRequiredService<AddressBook>();
        var state = fixture.Services.GetRequiredService<LedgerWriter>().Now.State;
        for (var host = 0; host < AddressBook.MostKnown + 10; host++)
        {
            var url = string.Create(CultureInfo.InvariantCulture, $"http://10.1.{host / 250}.{1 + (host % 250)}:9");
            await book.ProblemOf("ann", url, state, isFromHere: false, TestContext.Current.CancellationToken);
        }

        Assert.InRange(book.Known, 1, AddressBook.MostKnown);
    }

    [Fact]
    public async Task A_member_moves_by_its_own_token_and_keeps_its_stake()
    {
        await using var stub = await StubMember.Start(StubMember.Well);
        await using var next = await StubMember.Start(StubMember.Well);
        await using var taken = await StubMember.Start(StubMember.Well);
        await using var fixture = new ConsensusFixture();
        using var client = fixture.Joiner();
        using var first = await client.PostAsync(new Uri("/predictors", UriKind.Relative), Json(At(stub)));
        using var other = await client.PostAsync(new Uri("/predictors", UriKind.Relative), Json(At(taken, "bob")));
        using var joined = JsonDocument.Parse(await first.Content.ReadAsStringAsync());
        var name = joined.RootElement.GetProperty("name").GetString()!;
        var token = joined.RootElement.GetProperty("memberToken").GetString();
        using var unknown = await Move(client, name, next.Url, "somebody's");
        using var crowded = await Move(client, name, taken.Url, token);
        using var silent = await Move(client, name, "http://127.0.0.1:9", token);
        using var bad = await Move(client, name, "ftp://127.0.0.1", token);
        using var moved = await Move(client, name, next.Url, token);
        using var again = await Move(client, name, next.Url, token);
        using var after = JsonDocument.Parse(await moved.Content.ReadAsStringAsync());
        var url = after.RootElement.GetProperty("url").GetString()!;
        var asked = next.Asked;
        using var insider = fixture.Insider();
        using var batch = await insider.PostAsync(new Uri("/iris/batches", UriKind.Relative), Json("{}"));

        Assert.Equal(
            [
                HttpStatusCode.Unauthorized,
                HttpStatusCode.Conflict,
                HttpStatusCode.UnprocessableEntity,
                HttpStatusCode.BadRequest,
                HttpStatusCode.OK,
                HttpStatusCode.OK,
            ],
            [
                unknown.StatusCode,
                crowded.StatusCode,
                silent.StatusCode,
                bad.StatusCode,
                moved.StatusCode,
                again.StatusCode,
            ]
        );
        Assert.StartsWith(next.Url, url, StringComparison.Ordinal);
        Assert.Equal(
            joined.RootElement.GetProperty("stake").GetDecimal(),
            after.RootElement.GetProperty("stake").GetDecimal()
        );
        Assert.Equal(HttpStatusCode.Created, batch.StatusCode);
        Assert.True(next.Asked > asked, "The batch was asked at the new address.");
    }

    [Fact]
    public async Task Eight_members_a_minute_are_admitted_by_the_join_token_and_the_operators_own_beside_them()
    {
        var stubs = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => StubMember.Start(StubMember.Well)));
        await using var fixture = new ConsensusFixture();
        using var joiner = fixture.Joiner();
        using var insider = fixture.Insider();
        var statuses = new List<HttpStatusCode>();
        using var refused = await joiner.PostAsync(
            new Uri("/predictors", UriKind.Relative),
            Json("{\"name\":\"m\",\"url\":\"http://127.0.0.1:9\"}")
        );
        for (var member = 0; member < stubs.Length; member++)
        {
            var client = member == 9 ? insider : joiner;
            using var response = await client.PostAsync(
                new Uri("/predictors", UriKind.Relative),
                Json(At(stubs[member], string.Create(CultureInfo.InvariantCulture, $"m{member}")))
            );
            statuses.Add(response.StatusCode);
            Assert.Equal(
                response.StatusCode == HttpStatusCode.TooManyRequests,
                response.Headers.RetryAfter is not null
            );
        }

        foreach (var stub in stubs)
        {
            await stub.DisposeAsync();
        }

        // What was refused took no place.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal(
            [.. Enumerable.Repeat(HttpStatusCode.Created, 8), HttpStatusCode.TooManyRequests, HttpStatusCode.Created],
            statuses
        );
    }

    [Fact]
    public async Task The_operators_own_members_are_founders_and_others_begin_on_probation()
    {
        await using var stub = await StubMember.Start(StubMember.Well);
        await using var other = await StubMember.Start(StubMember.Well);
        await using var fixture = new ConsensusFixture();
        using var insider = fixture.Insider();
        using var joiner = fixture.Joiner();
        using var own = await insider.PostAsync(new Uri("/predictors", UriKind.Relative), Json(At(stub)));
        using var foreign = await joiner.PostAsync(new Uri("/predictors", UriKind.Relative), Json(At(other, "bob")));

        Assert.Equal("active", (await fixture.Get("/predictors/ann")).GetProperty("state").GetString());
        Assert.Equal("probation", (await fixture.Get("/predictors/bob")).GetProperty("state").GetString());
    }

    private static string At(StubMember stub, string name = "ann") => $"{{\"name\":\"{name}\",\"url\":\"{stub.Url}\"}}";

    private static StringContent Json(string body) =>
        new(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    private static async Task<HttpResponseMessage> Move(HttpClient client, string name, string url, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, new Uri($"/predictors/{name}", UriKind.Relative))
        {
            Content = Json($"{{\"url\":\"{url}\"}}"),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
        return await client.SendAsync(request);
    }
}
