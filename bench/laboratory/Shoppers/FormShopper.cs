using System.Net;
using System.Text.RegularExpressions;

namespace LaboratoryBench.Shoppers;

/// <summary>
/// Somebody who buys one product with a browser without JavaScript: opens pages, sends their forms, follows where they
/// lead and, when a page does not come, reloads it or presses the button again, as people do.
/// Never asks anything but the storefront.
/// </summary>
internal sealed partial class FormShopper : IDisposable
{
    /// <summary>How often one step is tried; with the pauses about two minutes.</summary>
    private const int MaxTries = 120;

    private static readonly TimeSpan BeforeReload = TimeSpan.FromSeconds(1);

    /// <summary>Longer than any failover; then a person reloads.</summary>
    private static readonly TimeSpan PageLimit = TimeSpan.FromSeconds(30);

    private readonly CookieContainer cookies = new();
    private readonly HttpClient browser;
    private readonly Uri site;
    private readonly Random random;

    /// <summary>Opens a browser with no cookies.</summary>
    /// <param name="site">The storefront.</param>
    /// <param name="seed">Decides what is bought and how long is thought about it.</param>
    public FormShopper(Uri site, int seed)
    {
        this.site = site;
        random = new(seed);
        browser = new(new SocketsHttpHandler { CookieContainer = cookies }) { BaseAddress = site, Timeout = PageLimit };
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");
    }

    /// <summary>How often a page was reloaded or a button was pressed again.</summary>
    public int Again { get; private set; }

    /// <summary>Who buys, once a page was seen.</summary>
    public string? User => cookies.GetCookies(site)[$"buyer-{site.Port}"]?.Value;

    /// <summary>Buys one product of a category.</summary>
    /// <param name="category">The category.</param>
    /// <param name="begin">Called with product and quantity before anything is sent that could make an order.</param>
    /// <returns>The order that the confirmation page shows, or null when patience ended.</returns>
    public async Task<Guid?> Buy(string category, Action<Guid, int> begin)
    {
        var list = await Open($"/products?category={category}");
        var products = FormReader.Products(list);
        var product = products[random.Next(products.Count)];
        await Think();
        var fields = FormReader.Fields(await Open(product), "/cart/items")!;
        var quantity = random.Next(1, 4);
        fields["quantity"] = quantity.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await Think();
        await Send("/cart/items", fields, page => page.AbsolutePath is "/cart");
        await Think();
        var order = FormReader.Fields(await Open("/checkout"), "/checkout")!;
        begin(Guid.Parse(product[^36..]), quantity);
        await Think();
        var confirmed = await Send("/checkout", order, page => OrderAddress().IsMatch(page.AbsolutePath));
        return confirmed is null ? null : Guid.Parse(confirmed.AbsolutePath[^36..]);
    }

    /// <inheritdoc/>
    public void Dispose() => browser.Dispose();

    private Task Think() => Task.Delay(random.Next(100, 1500));

    /// <summary>Opens a page, and reloads it until it comes.</summary>
    private async Task<string> Open(string address)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (await Get(address) is { } page)
            {
                return page;
            }

            Again++;
            await Task.Delay(BeforeReload);
        }

        throw new TimeoutException($"{address} does not come.");
    }

    /// <summary>Sends a form, and sends it again until it leads where it should.</summary>
    private async Task<Uri?> Send(string action, Dictionary<string, string> fields, Func<Uri, bool> isThere)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (await Post(action, fields) is { } address && isThere(address))
            {
                return address;
            }

            Again++;
            await Task.Delay(BeforeReload);
        }

        return null;
    }

    private async Task<string?> Get(string address)
    {
        try
        {
            using var response = await browser.GetAsync(new Uri(address, UriKind.Relative));
            return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync() : null;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Sends a form once; the page at which the browser arrives, or null when none came.</summary>
    private async Task<Uri?> Post(string action, Dictionary<string, string> fields)
    {
        try
        {
            using var form = new FormUrlEncodedContent(fields);
            using var response = await browser.PostAsync(new Uri(action, UriKind.Relative), form);
            // The address counts also where the page behind it failed: the browser shows it, and a reload is enough.
            return response.RequestMessage?.RequestUri;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    [GeneratedRegex("^/orders/[^/]+/[0-9a-f-]{36}$", RegexOptions.None, 1000)]
    private static partial Regex OrderAddress();
}
