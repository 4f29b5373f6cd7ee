using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Shop.Web.Redundancy;
using Shop.Web.Storefront;

namespace Workshop.Tests.Shop.Web;

/// <summary>A real storefront within this process, over whatever stands in for the services behind it.</summary>
internal sealed partial class StorefrontServer : IAsyncDisposable
{
    private readonly Factory factory;

    public StorefrontServer(params (string Key, string Value)[] settings)
    {
        var port = FreePorts.Next();
        Address = new(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}/"));
        factory = new([("URLS", Address.ToString()), ("Logging:LogLevel:Default", "Error"), .. settings]);
        factory.UseKestrel(options => options.ListenLocalhost(port));
        factory.StartServer();
    }

    public Uri Address { get; }

    public IServiceProvider Services => factory.Services;

    /// <summary>A browser of its own, with cookies of its own.</summary>
    public HttpClient Browser(bool cookies = true)
    {
        var browser = new HttpClient(new SocketsHttpHandler { UseCookies = cookies, CookieContainer = new() })
        {
            BaseAddress = Address,
        };
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        return browser;
    }

    /// <summary>
    /// Waits until the laboratory's picture knows the conductor and the host: the first look of a process that has just started
    /// may be late, and then everything is drawn as unknown.
    /// </summary>
    public Task UntilSeen(CancellationToken ct) =>
        Eventually.Holds(
            async () =>
                await Services.GetRequiredService<SituationWatch>().Current() is { Conductor: not null, HasHost: true },
            ct
        );

    public async ValueTask DisposeAsync() => await factory.DisposeAsync();

    /// <summary>The fields of the form of a page, by the address that it is sent to or the name that Blazor gave it.</summary>
    public static Dictionary<string, string> Form(string page, string form) =>
        Forms()
            .Matches(page)
            .Select(found => found.Value)
            .Where(found => found.Contains($"\"{form}\"", StringComparison.Ordinal))
            .Select(found =>
                Inputs()
                    .Matches(found)
                    .DistinctBy(input => input.Groups["name"].Value, StringComparer.Ordinal)
                    .ToDictionary(
                        input => input.Groups["name"].Value,
                        input => WebUtility.HtmlDecode(input.Groups["value"].Value),
                        StringComparer.Ordinal
                    )
            )
            .First();

    public static async Task<(HttpStatusCode Status, string Page, string Path)> Post(
        HttpClient browser,
        string action,
        Dictionary<string, string> fields,
        CancellationToken ct
    )
    {
        using var content = new FormUrlEncodedContent(fields);
        using var answer = await browser.PostAsync(new Uri(action, UriKind.Relative), content, ct);
        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(ct));
        return (answer.StatusCode, page, answer.RequestMessage!.RequestUri!.AbsolutePath);
    }

    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline, 1000)]
    private static partial Regex Forms();

    [GeneratedRegex(
        "<input[^>]*?\\bname=\"(?<name>[^\"]+)\"[^>]*?\\bvalue=\"(?<value>[^\"]*)\"",
        RegexOptions.None,
        1000
    )]
    private static partial Regex Inputs();

    private sealed class Factory((string Key, string Value)[] settings) : WebApplicationFactory<ShopClient>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            foreach (var (key, value) in settings)
            {
                builder.UseSetting(key, value);
            }
        }
    }
}
