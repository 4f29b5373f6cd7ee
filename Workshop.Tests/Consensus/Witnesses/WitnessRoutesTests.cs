using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Consensus.Ledger;
using Consensus.Witnesses;
using LaboratoryBench.Processes;
using Microsoft.Extensions.DependencyInjection;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Witnesses;
using Workshop.Tests.Ledger.Mechanism;
using Xunit;

namespace Workshop.Tests.Consensus.Witnesses;

public sealed class WitnessRoutesTests : IAsyncDisposable
{
    private const string Fake = "00000000000000000000000000000000000000000000000000000000000000ff";

    private readonly ConsensusFixture fixture = new();

    private readonly WitnessKey key = WitnessKey.Create();

    public async ValueTask DisposeAsync()
    {
        key.Dispose();
        await fixture.DisposeAsync();
    }

    [Fact]
    public async Task A_signature_is_taken_shown_and_written_into_a_block_once()
    {
        fixture.With("Consensus:WitnessBlockEvery", "00:00:00.050");
        await Join("ann", key.PublicKey);
        var head = await Head();
        using var taken = await Sign("ann", head);
        var view = Assert.Single(await Witnesses());

        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.Equal(
            ("ann", head.Height),
            (view.GetProperty("name").GetString(), view.GetProperty("height").GetInt64())
        );
        Assert.Equal(head.Hash, view.GetProperty("hash").GetString());
        Assert.NotNull(view.GetProperty("time").GetString());
        await Eventually.Holds(async () => (await Head()).Height == head.Height + 1, Stop);
        var payload = (await fixture.Get("/ledger?limit=1")).GetProperty("recent")[0].GetProperty("payload");
        Assert.Equal("witnesses", payload.GetProperty("kind").GetString());
        Assert.Equal("ann", payload.GetProperty("witnesses")[0].GetProperty("name").GetString());

        // The block of signatures is signed as well, and that alone makes no further block.
        using var again = await Sign("ann", await Head());
        await Task.Delay(TimeSpan.FromMilliseconds(500), Stop);
        Assert.Equal(head.Height + 1, (await Head()).Height);
        Assert.True((await fixture.Get("/ledger/verify")).GetProperty("valid").GetBoolean());

        // With something new it goes on.
        await Append(new TreasuryEntry(1));
        using var more = await Sign("ann", await Head());
        await Eventually.Holds(async () => (await Head()).Height == head.Height + 3, Stop);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData("2026-11-30T08:00:10.0000000Z", 40)]
    [InlineData("2026-11-30T07:59:30.0000000Z", 0)]
    [InlineData("2026-11-30T09:00:00.0000000Z", 60)]
    public void Blocks_of_signatures_are_a_minute_apart_whoever_wrote_the_last(string? last, int seconds) =>
        Assert.Equal(
            TimeSpan.FromSeconds(seconds),
            WitnessBook.Rest(TimeSpan.FromMinutes(1), last, new DateTimeOffset(2026, 11, 30, 8, 0, 30, TimeSpan.Zero))
        );

    [Fact]
    public async Task What_is_malformed_unknown_or_does_not_verify_is_refused_with_the_reason()
    {
        await Join("ann", key.PublicKey);
        await Join("bob", null);
        var head = await Head();
        var good = Signed(head);

        Assert.Equal(HttpStatusCode.BadRequest, await Post("ann", -1, head.Hash, good));
        Assert.Equal(HttpStatusCode.BadRequest, await Post("ann", head.Height, "abc", good));
        Assert.Equal(HttpStatusCode.BadRequest, await Post("ann", head.Height, head.Hash.ToUpperInvariant(), good));
        Assert.Equal(HttpStatusCode.BadRequest, await Post("ann", head.Height, head.Hash, "no base64"));
        Assert.Equal(HttpStatusCode.BadRequest, await Post("ann", head.Height, head.Hash, ""));
        Assert.Equal(HttpStatusCode.NotFound, await Post("nobody", head.Height, head.Hash, good));
        Assert.Equal(HttpStatusCode.NotFound, await Post("bob", head.Height, head.Hash, good));
        // Of another height, and of another ledger.
        Assert.Equal(HttpStatusCode.BadRequest, await Post("ann", head.Height - 1, head.Hash, good));
        var foreign = key.Sign(new(Fake, head.Height, head.Hash)).Signature;
        Assert.Equal(HttpStatusCode.BadRequest, await Post("ann", head.Height, head.Hash, foreign));
        // It verifies, and would stand in the ledger with its blanks.
        Assert.Equal(HttpStatusCode.BadRequest, await Post("ann", head.Height, head.Hash, good + new string(' ', 9)));
        Assert.Equal(HttpStatusCode.OK, await Post("ann", head.Height, head.Hash, good));
    }

    [Fact]
    public async Task An_old_signature_that_is_handed_in_again_takes_nothing_back()
    {
        await Join("ann", key.PublicKey);
        var old = await Head();
        await Append(new TreasuryEntry(1));
        var head = await Head();
        using var first = await Sign("ann", head);
        using var second = await Sign("ann", old);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], [first.StatusCode, second.StatusCode]);
        Assert.Equal(head.Height, Assert.Single(await Witnesses()).GetProperty("height").GetInt64());
    }

    [Fact]
    public async Task A_witness_that_signs_what_is_not_there_gets_both_versions_and_everybody_sees_them()
    {
        await Join("ann", key.PublicKey);
        var head = await Head();
        var lie = head with { Hash = Fake };
        using var refused = await Sign("ann", lie);
        var both = await refused.Content.ReadFromJsonAsync<JsonElement>(Stop);

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal(Fake, both.GetProperty("signed").GetProperty("hash").GetString());
        Assert.Equal(head.Hash, both.GetProperty("shown").GetProperty("hash").GetString());
        var fork = Assert.Single(await Witnesses()).GetProperty("fork");
        Assert.Equal(Fake, fork.GetProperty("signed").GetProperty("hash").GetString());
        Assert.Contains(
            head.Hash,
            fork.GetProperty("shown").GetProperty("block").GetString(),
            StringComparison.Ordinal
        );

        // It never gets into the ledger, and is forgotten when the witness signs what is there.
        using var honest = await Sign("ann", head);
        Assert.Equal(JsonValueKind.Null, Assert.Single(await Witnesses()).GetProperty("fork").ValueKind);
    }

    [Fact]
    public async Task A_signature_beyond_the_end_shows_that_the_end_was_taken_away()
    {
        await Join("ann", key.PublicKey);
        var head = await Head();
        using var refused = await Sign("ann", new(head.Origin, head.Height + 5, Fake));
        var both = await refused.Content.ReadFromJsonAsync<JsonElement>(Stop);

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("ends before", both.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(head.Height, both.GetProperty("shown").GetProperty("height").GetInt64());
    }

    [Theory]
    [InlineData("AAAA")]
    [InlineData("")]
    [InlineData("MIIBIjAN")]
    public async Task A_member_registers_with_a_key_of_P_256_or_with_none(string bad)
    {
        await using var stub = await StubMember.Start(StubMember.Well);
        using var client = fixture.Joiner();
        using var refused = await client.PostAsJsonAsync(
            "/predictors",
            new
            {
                name = "ann",
                url = stub.Url,
                key = bad,
            },
            Stop
        );
        using var admitted = await client.PostAsJsonAsync(
            "/predictors",
            new
            {
                name = "ann",
                url = stub.Url,
                key = key.PublicKey,
            },
            Stop
        );

        Assert.Equal([HttpStatusCode.BadRequest, HttpStatusCode.Created], [refused.StatusCode, admitted.StatusCode]);
        Assert.Contains("\"key\"", await refused.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        var view = Assert.Single(await Witnesses());
        Assert.Equal(key.PublicKey, view.GetProperty("key").GetString());
        Assert.Equal(JsonValueKind.Null, view.GetProperty("height").ValueKind);
    }

    [Fact]
    public async Task A_member_from_before_there_were_keys_takes_one_once()
    {
        using var other = WitnessKey.Create();
        await Join("old", null);
        Assert.Empty(await Witnesses());
        var address = "http://localhost:1";
        using var none = await Patch(new { url = address, key = "AAAA" });
        using var taken = await Patch(new { url = address, key = key.PublicKey });
        using var again = await Patch(new { url = address, key = key.PublicKey });
        using var changed = await Patch(new { url = address, key = other.PublicKey });

        Assert.Equal(
            [HttpStatusCode.BadRequest, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Conflict],
            [none.StatusCode, taken.StatusCode, again.StatusCode, changed.StatusCode]
        );
        Assert.Equal(key.PublicKey, Assert.Single(await Witnesses()).GetProperty("key").GetString());
        Assert.Equal(
            HttpStatusCode.OK,
            await Post("old", (await Head()).Height, (await Head()).Hash, Signed(await Head()))
        );

        async Task<HttpResponseMessage> Patch(object body)
        {
            using var client = fixture.Insider();
            return await client.PatchAsJsonAsync("/predictors/old", body, Stop);
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Signed(Checkpoint checkpoint) => key.Sign(checkpoint).Signature;

    private Task<HttpResponseMessage> Sign(string name, Checkpoint checkpoint) =>
        Send(name, checkpoint.Height, checkpoint.Hash, Signed(checkpoint));

    private async Task<HttpStatusCode> Post(string name, long height, string hash, string signature)
    {
        using var answer = await Send(name, height, hash, signature);
        return answer.StatusCode;
    }

    private async Task<HttpResponseMessage> Send(string name, long height, string hash, string signature)
    {
        using var client = fixture.CreateClient();
        return await client.PostAsJsonAsync(
            "/ledger/witnesses",
            new
            {
                name,
                height,
                hash,
                signature,
            },
            Stop
        );
    }

    private async Task<JsonElement[]> Witnesses() => [.. (await fixture.Get("/ledger/witnesses")).EnumerateArray()];

    private async Task<Checkpoint> Head()
    {
        var ledger = await fixture.Get("/ledger");
        var origin = (await fixture.Get("/ledger?from=0&limit=1")).GetProperty("recent")[0].GetProperty("hash");
        return new(
            origin.GetString()!,
            ledger.GetProperty("blocks").GetInt64() - 1,
            ledger.GetProperty("head").GetString()!
        );
    }

    private Task Join(string name, string? publicKey) => Append(Scenario.Join(name, "iris") with { Key = publicKey });

    private async Task Append(Entry entry) =>
        Assert.IsType<Applied>(await fixture.Services.GetRequiredService<LedgerWriter>().Append(_ => entry, Stop));
}
