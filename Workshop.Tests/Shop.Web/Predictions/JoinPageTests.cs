using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Http;
using Workshop.Tests.Consensus;
using Xunit;

namespace Workshop.Tests.Shop.Web.Predictions;

/// <summary>Somebody's own predictor joins by the page, and leaves by it.</summary>
public sealed partial class JoinPageTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_predictor_that_answers_is_a_member_with_a_token_that_is_shown_once()
    {
        await using var lab = LabServers.Start();
        await using var member = await StubMember.Says(0.9, 0.1, 0);

        var page = await lab.Join("mine", member.Url, Ct);

        Assert.Contains("is a member", page, StringComparison.Ordinal);
        Assert.Contains("it said <b>setosa</b>", page, StringComparison.Ordinal);
        var token = MemberToken().Match(page).Groups["token"].Value;
        Assert.NotEmpty(token);
        Assert.DoesNotContain(token, await lab.Page("/predictions/members/mine", Ct), StringComparison.Ordinal);
        Assert.DoesNotContain(ConsensusFixture.JoinToken, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_strangers_member_is_no_founder_though_the_storefront_holds_the_operators_token()
    {
        await using var lab = LabServers.Start();
        await using var stranger = await StubMember.Says(0.9, 0.1, 0);
        await using var own = await StubMember.Says(0.9, 0.1, 0);

        await lab.Join("mine", stranger.Url, Ct);
        await lab.Consensus.Register("founder", own.Url);

        Assert.Equal("probation", await State(lab, "mine"));
        Assert.Equal("active", await State(lab, "founder"));
    }

    [Fact]
    public async Task A_strangers_name_is_marked_as_theirs_wherever_it_stands_and_a_founders_is_not()
    {
        await using var lab = LabServers.Start();
        await using var stranger = await StubMember.Says(0.9, 0.1, 0);
        await using var own = await StubMember.Says(0.9, 0.1, 0);
        await lab.Consensus.Register("predictor-bayes", own.Url);
        await lab.Join("mine", stranger.Url, Ct);

        foreach (var path in new[] { "/predictions", "/predictions/members/mine", "/predictions/leaders" })
        {
            var page = await lab.Page(path, Ct);
            Assert.Matches("<bdi[^>]*>mine</bdi>\\s*<small class=\"owner\"", page);
            Assert.DoesNotMatch("<bdi[^>]*>predictor-bayes</bdi>\\s*<small", page);
        }

        Assert.Contains("mine (theirs) joins", await lab.Page("/predictions/ledger", Ct), StringComparison.Ordinal);
        Assert.Contains("mine (theirs)", await lab.Page("/predictions/evaluation", Ct), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a wrong token", "This is not the join token.")]
    [InlineData("", "Paste the join token")]
    [InlineData("two words and a läter", "Paste the join token")]
    public async Task Without_the_join_token_nobody_is_asked_and_nobody_joins(string token, string words)
    {
        await using var lab = LabServers.Start();
        await using var member = await StubMember.Says(0.9, 0.1, 0);

        var page = await lab.Join("mine", member.Url, Ct, token: token);

        Assert.Contains(words, page, StringComparison.Ordinal);
        Assert.Equal(0, member.Asked);
        Assert.Equal(0, (await lab.Consensus.Get("/predictors")).GetArrayLength());
    }

    [Fact]
    public async Task What_came_back_wrong_stands_beside_the_right_form_as_the_strangers_words()
    {
        await using var lab = LabServers.Start();
        await using var member = await StubMember.Start(context =>
            context.Response.WriteAsync("<script>alert(1)</script> { \"species\": \"setosa\" }")
        );
        var form = StorefrontServer.Form(await lab.Raw("/predictions/join", Ct), "join");
        (form["Form.Name"], form["Form.Url"], form["Form.Network"]) = ("mine", member.Url, "iris");
        (form["Form.Accuracy"], form["Form.Protocol"]) = ("0.9", "predict");
        form["Form.Token"] = ConsensusFixture.JoinToken;

        using var content = new FormUrlEncodedContent(form);
        using var answer = await lab.Browser.PostAsync(new Uri("/predictions/join", UriKind.Relative), content, Ct);
        var raw = await answer.Content.ReadAsStringAsync(Ct);
        var page = WebUtility.HtmlDecode(raw);

        Assert.DoesNotContain("<script>alert", raw, StringComparison.Ordinal);
        Assert.Contains(
            "came back as 200 with '<script>alert(1)</script> { \"species\"",
            page,
            StringComparison.Ordinal
        );
        Assert.Contains("<q class=\"theirs\"><bdi>", page, StringComparison.Ordinal);
        Assert.Contains("\"labels\": [\"setosa\", \"versicolor\", \"virginica\"]", page, StringComparison.Ordinal);
        Assert.Contains("value=\"mine\"", page, StringComparison.Ordinal);
        Assert.Equal(0, (await lab.Consensus.Get("/predictors")).GetArrayLength());
    }

    [Theory]
    [InlineData("mine", "http://127.0.0.1:9", "iris", "0.9", "cannot be reached")]
    [InlineData("mine", "ftp://127.0.0.1", "iris", "0.9", "Must be an http or https address")]
    [InlineData("mine", "http://127.0.0.1:9", "iris", "0.1", "Must be a number from chance")]
    [InlineData("mine", "http://127.0.0.1:9", "iris", "much", "A number from 0 to 1")]
    [InlineData("no name", "http://127.0.0.1:9", "iris", "0.9", "letters, digits, dots")]
    [InlineData("", "", "nothing", "", "Choose a network.")]
    public async Task Each_mistake_is_said_at_its_field(
        string name,
        string url,
        string network,
        string accuracy,
        string words
    )
    {
        await using var lab = LabServers.Start();

        var page = await lab.Join(name, url, Ct, network, accuracy);

        Assert.Contains(words, page, StringComparison.Ordinal);
        Assert.Contains("Ask it one row", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_leaves_by_its_own_token_and_by_no_other()
    {
        await using var lab = LabServers.Start();
        await using var member = await StubMember.Says(0.9, 0.1, 0);
        var token = MemberToken().Match(await lab.Join("mine", member.Url, Ct)).Groups["token"].Value;

        var wrong = await Leave(lab, ConsensusFixture.JoinToken);
        var still = await State(lab, "mine");
        var left = await Leave(lab, token);

        Assert.Contains("not the token of this member", wrong, StringComparison.Ordinal);
        Assert.Equal("probation", still);
        Assert.Contains("It leaves", left, StringComparison.Ordinal);
        Assert.Contains(await State(lab, "mine"), (string[])["exiting", "left"], StringComparer.Ordinal);
    }

    [Fact]
    public async Task The_leader_board_ranks_by_money_and_by_accuracy()
    {
        await using var lab = LabServers.Start();
        await using var right = await StubMember.Says(0.9, 0.1, 0);
        await using var wrong = await StubMember.Says(0, 0.1, 0.9);
        await lab.Join("one", right.Url, Ct, accuracy: "0.4");
        await lab.Join("two", wrong.Url, Ct, accuracy: "0.4");
        using var insider = lab.Consensus.Insider();
        for (var batch = 0; batch < 3; batch++)
        {
            using var ran = await insider.PostAsync(
                new Uri("/iris/batches", UriKind.Relative),
                new StringContent(
                    "{\"size\":32}",
                    new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")
                ),
                Ct
            );
            Assert.Equal(HttpStatusCode.Created, ran.StatusCode);
        }

        var page = await lab.Page("/predictions/leaders", Ct);

        var members = (await lab.Consensus.Get("/predictors")).EnumerateArray().ToList();
        Assert.Equal(2, members.Count);
        AssertRanked("by-money", one => one.GetProperty("balance").GetDouble());
        AssertRanked("by-accuracy", one => one.GetProperty("memberships")[0].GetProperty("goldAccuracy").GetDouble());

        void AssertRanked(string name, Func<JsonElement, double> by)
        {
            var from = page.IndexOf(name, StringComparison.Ordinal);
            var table = page[from..page.IndexOf("</table>", from, StringComparison.Ordinal)];
            var places = members
                .OrderByDescending(by)
                .ThenBy(one => one.GetProperty("name").GetString(), StringComparer.Ordinal)
                .Select(one => table.IndexOf($">{one.GetProperty("name")}<", StringComparison.Ordinal))
                .ToList();
            Assert.All(places, place => Assert.True(place > 0, table));
            Assert.Equal(places.Order(), places);
        }
    }

    private static async Task<string?> State(LabServers lab, string name) =>
        (await lab.Consensus.Get($"/predictors/{name}")).GetProperty("state").GetString();

    private static async Task<string> Leave(LabServers lab, string token)
    {
        const string Action = "/predictions/members/mine/leave";
        var form = StorefrontServer.Form(await lab.Raw("/predictions/members/mine", Ct), Action);
        form["token"] = token;
        return (await StorefrontServer.Post(lab.Browser, Action, form, Ct)).Page;
    }

    [GeneratedRegex("data-testid=\"member-token\">(?<token>[^<]+)<", RegexOptions.None, 1000)]
    private static partial Regex MemberToken();
}
