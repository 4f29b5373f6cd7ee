using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using Xunit;

namespace Workshop.Tests.Shop.Web.Redundancy;

/// <summary>Services that run as several processes with one memory, as the laboratory shows them.</summary>
public sealed partial class ReplicaSectionTests
{
    private static readonly Uri Page = new("/redundancy", UriKind.Relative);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_replica_is_shown_with_its_role_term_and_blocks_and_one_that_does_not_answer_as_that()
    {
        await using var shop = await StubShop.Start();
        await using var consensus = await StubReplicas.Start(3);
        shop.States["consensus-3"] = "Exited";
        consensus.Views.TryRemove(2, out _);

        var page = await Shown(shop, consensus.Wired("consensus"));

        Assert.Contains("Replicas of the consensus", page, StringComparison.Ordinal);
        Assert.Contains("2 of 3 have to hold what is written", page, StringComparison.Ordinal);
        Assert.Contains("consensus leads in term 4; 2 of 3 answer.", page, StringComparison.Ordinal);
        Assert.Equal("leader", Part(page, "consensus", "words"));
        Assert.Equal("term 4, 17 final blocks, head 0123456789", Part(page, "consensus-2", "facts"));
        Assert.Equal("no answer, down", Part(page, "consensus-3", "words"));
        Assert.Equal("", Part(page, "consensus-3", "facts"));
    }

    [Fact]
    public async Task Without_a_majority_the_page_says_so()
    {
        await using var shop = await StubShop.Start();
        await using var consensus = await StubReplicas.Start(3);
        consensus.Views[0] = View("follower", 4);
        consensus.Views.TryRemove(1, out _);
        consensus.Views.TryRemove(2, out _);

        var page = await Shown(shop, consensus.Wired("consensus"));

        Assert.Contains("No majority: 1 of 3 answer.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_one_process_there_is_no_section()
    {
        await using var shop = await StubShop.Start();
        await using var consensus = await StubReplicas.Start(1);

        Assert.DoesNotContain(
            "Replicas of the",
            await Shown(shop, consensus.Wired("consensus")),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("Replicas of the", await Shown(shop, []), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_without_blocks_has_the_same_section()
    {
        await using var shop = await StubShop.Start();
        await using var registry = await StubReplicas.Start(3);
        registry.Views[0] = new { role = "follower", term = 2 };
        registry.Views[1] = new { role = "leader", term = 2 };

        var page = await Shown(shop, [.. registry.Wired("registry").Skip(1)]);

        Assert.Contains("Replicas of the registry", page, StringComparison.Ordinal);
        Assert.Equal("leader", Part(page, "registry-2", "words"));
        Assert.Equal("term 2", Part(page, "registry-2", "facts"));
    }

    [Fact]
    public async Task Whichever_leads_at_that_moment_is_killed_and_who_led_next_is_timed()
    {
        await using var shop = await StubShop.Start();
        await using var consensus = await StubReplicas.Start(3);
        await using var storefront = shop.Storefront([.. consensus.Wired("consensus")]);
        using var browser = storefront.Browser();
        var form = StorefrontServer.Form(await browser.GetStringAsync(Page, Ct), "/redundancy/leaders");
        // The page was made before.
        consensus.Views[0] = View("follower", 5);
        consensus.Views[1] = View("leader", 5);
        await Eventually.Holds(
            async () => Part(await browser.GetStringAsync(Page, Ct), "consensus-2", "words") is "leader",
            Ct
        );

        var (status, page, _) = await StorefrontServer.Post(browser, "/redundancy/leaders", form, Ct);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["kill consensus-2"], shop.Commands, StringComparer.Ordinal);
        Assert.Contains("consensus-2 was killed. No other leads yet.", page, StringComparison.Ordinal);
        consensus.Views.TryRemove(1, out _);
        consensus.Views[2] = View("leader", 6);
        await Eventually.Holds(
            async () => Took().IsMatch(WebUtility.HtmlDecode(await browser.GetStringAsync(Page, Ct))),
            Ct
        );
    }

    [Fact]
    public async Task A_replica_is_killed_by_its_own_button_and_without_a_leader_there_is_none_to_kill()
    {
        await using var shop = await StubShop.Start();
        await using var consensus = await StubReplicas.Start(3);
        consensus.Views[0] = View("follower", 4);
        await using var storefront = shop.Storefront([.. consensus.Wired("consensus")]);
        using var browser = storefront.Browser();
        var shown = await browser.GetStringAsync(Page, Ct);
        var form = StorefrontServer.Form(shown, "/redundancy/faults");
        (form["resource"], form["command"]) = ("consensus-3", "kill");

        await StorefrontServer.Post(browser, "/redundancy/faults", form, Ct);
        form["resource"] = "consensus-4";
        var (_, refused, _) = await StorefrontServer.Post(browser, "/redundancy/faults", form, Ct);
        var leaders = StorefrontServer.Form(shown, "/redundancy/leaders");
        var (_, none, _) = await StorefrontServer.Post(browser, "/redundancy/leaders", leaders, Ct);

        Assert.Equal(["kill consensus-3"], shop.Commands, StringComparer.Ordinal);
        Assert.Contains("There is no such part or fault here.", refused, StringComparison.Ordinal);
        Assert.Contains("No replica leads just now.", none, StringComparison.Ordinal);
        leaders.Remove("__RequestVerificationToken");
        var (status, _, _) = await StorefrontServer.Post(browser, "/redundancy/leaders", leaders, Ct);
        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Fact]
    public async Task Where_nobodys_host_started_the_shop_replicas_are_shown_without_buttons()
    {
        await using var shop = await StubShop.Start();
        await using var consensus = await StubReplicas.Start(3);
        await using var storefront = shop.StorefrontAlone([.. consensus.Wired("consensus")]);
        using var browser = storefront.Browser();

        var page = await browser.GetStringAsync(Page, Ct);

        Assert.Equal("leader", Part(page, "consensus", "words"));
        Assert.DoesNotContain("/redundancy/leaders", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/redundancy/faults", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_section_fits_is_accessible_and_follows_without_a_reload()
    {
        await using var shop = await StubShop.Start();
        await using var consensus = await StubReplicas.Start(3);
        shop.States["consensus-3"] = "Exited";
        consensus.Views.TryRemove(2, out _);
        await using var storefront = shop.Storefront([.. consensus.Wired("consensus")]);
        await using var chromium = await Browser.Start();
        var page = await chromium.Open(storefront.Address);
        await page.GotoAsync("/redundancy");
        Assert.Empty(await PageJudge.Faults(page, "replicas"));

        consensus.Views[0] = View("follower", 5);
        consensus.Views[1] = View("leader", 5, blocks: 18);

        await Assertions
            .Expect(page.Locator("[data-group=consensus]"))
            .ToContainTextAsync("consensus-2 leads in term 5");
        var second = page.Locator("li[data-node='replica consensus-2']");
        await Assertions.Expect(second).ToContainTextAsync("term 5, 18 final blocks");
        await Assertions.Expect(second).ToHaveAttributeAsync("data-role", "leader");
        Assert.Empty(chromium.Errors);
    }

    private static object View(string role, long term, long blocks = 17) =>
        new
        {
            role,
            term,
            blocks,
            head = "0123456789abcdef",
            lastIndex = 20,
        };

    private static async Task<string> Shown(StubShop shop, IEnumerable<(string Key, string Value)> settings)
    {
        await using var storefront = shop.Storefront([.. settings]);
        using var browser = storefront.Browser();
        return WebUtility.HtmlDecode(await browser.GetStringAsync(Page, Ct));
    }

    /// <summary>What stands in a part of a replica's card.</summary>
    private static string Part(string page, string replica, string part)
    {
        var at = page.IndexOf($"data-node=\"replica {replica}\"", StringComparison.Ordinal);
        Assert.True(at >= 0, $"There is no {replica}.");
        var from = page.IndexOf($"data-{part}>", at, StringComparison.Ordinal) + $"data-{part}>".Length;
        return page[from..page.IndexOf('<', from)];
    }

    [GeneratedRegex("[0-9]\\.[0-9] s after the button consensus-3 led, as seen from here\\.", RegexOptions.None, 1000)]
    private static partial Regex Took();

    /// <summary>Replicas that say what the test wants, or nothing.</summary>
    private sealed class StubReplicas : IAsyncDisposable
    {
        private readonly List<StubMember> servers = [];

        /// <summary>What each says; one that is not here drops the connection.</summary>
        internal ConcurrentDictionary<int, object> Views { get; } = new();

        internal static async Task<StubReplicas> Start(int count)
        {
            var replicas = new StubReplicas();
            for (var number = 0; number < count; number++)
            {
                var own = number;
                replicas.Views[own] = View(own == 0 ? "leader" : "follower", 4);
                replicas.servers.Add(await StubMember.Start(context => replicas.Answer(context, own)));
            }

            return replicas;
        }

        internal IEnumerable<(string Key, string Value)> Wired(string service) =>
            servers.Select(
                (server, index) =>
                    (string.Create(CultureInfo.InvariantCulture, $"services:{service}:http:{index}"), server.Url)
            );

        public async ValueTask DisposeAsync()
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }

        private Task Answer(HttpContext context, int replica)
        {
            if (Views.TryGetValue(replica, out var view))
            {
                return context.Response.WriteAsJsonAsync(view);
            }

            context.Abort();
            return Task.CompletedTask;
        }
    }
}
