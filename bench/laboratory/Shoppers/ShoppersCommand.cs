using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using LaboratoryBench.Chaos;
using LaboratoryBench.Processes;

namespace LaboratoryBench.Shoppers;

/// <summary>
/// <c>dotnet run --project bench/laboratory -- shoppers [purchases] [seed]</c>: people buy through the storefront's pages,
/// without JavaScript, while servers, databases, the registry and the storefront itself are killed, stopped and hung. Then
/// every order must be there once, and the stock must add up.
/// </summary>
internal static class ShoppersCommand
{
    private const int UsualPurchases = 100;
    private const int Products = 5;
    private const int StockOfEach = 10_000;
    private const string Category = "Shoppers";

    /// <summary>Purchases begin this far apart, so that the run is long enough to meet many faults.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Absence = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ArmLimit = TimeSpan.FromMinutes(2);

    /// <summary>Runs, and prints a row of wanted and seen for each claim.</summary>
    /// <param name="args">Purchases and seed, both optional.</param>
    /// <returns>0; 1 when the shop did not keep its word; 2 for a bad argument.</returns>
    public static async Task<int> Run(string[] args)
    {
        var (purchases, seed) = (UsualPurchases, 1);
        if (
            args.Length > 2
            || (
                args.Length > 0
                && !(int.TryParse(args[0], CultureInfo.InvariantCulture, out purchases) && purchases > 0)
            )
            || (args.Length > 1 && !int.TryParse(args[1], CultureInfo.InvariantCulture, out seed))
        )
        {
            await Console.Error.WriteLineAsync("usage: shoppers [purchases] [seed]");
            return 2;
        }

        await using var workshop = await WorkshopProcess.Start(CancellationToken.None);
        using var control = new WorkshopControl(workshop.Control, workshop.Registry);
        await control.UntilArmed(ArmLimit);
        using var clients = new ShopClients(workshop.Registry);
        var stock = await Fill(clients.Http);
        var path = Path.Combine(Path.GetTempPath(), $"shoppers-{Guid.NewGuid():N}.jsonl");
        await using var journal = new Journal(path);
        await Console.Error.WriteLineAsync($"journal {path}");

        var (visits, done) = await ShopAmongFaults(workshop.ShopWeb, control, journal, purchases, seed);
        var history = await History(clients.Http, journal, visits, stock);
        var violations = Checker.Check(history);
        Print(visits, history, done, violations, journal.Now);
        return violations.Count == 0 && visits.All(visit => visit.Order is not null) ? 0 : 1;
    }

    private static async Task<Dictionary<Guid, int>> Fill(HttpClient shop)
    {
        var stock = new Dictionary<Guid, int>();
        for (var number = 1; number <= Products; number++)
        {
            using var response = await shop.PostAsJsonAsync(
                "/products",
                new
                {
                    name = $"Shoppers' product {number}",
                    price = 9.99m,
                    category = Category,
                    stock = StockOfEach,
                }
            );
            response.EnsureSuccessStatusCode();
            stock.Add(
                (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid(),
                StockOfEach
            );
        }

        return stock;
    }

    private static async Task<(Visit[] Visits, List<string> Faults)> ShopAmongFaults(
        Uri site,
        WorkshopControl control,
        Journal journal,
        int purchases,
        int seed
    )
    {
        using var over = new CancellationTokenSource();
        var faults = Break(control, journal, seed, over.Token);
        var visits = await Shop(site, journal, purchases, seed);
        await over.CancelAsync();
        return (visits, await faults);
    }

    private static async Task<Visit[]> Shop(Uri site, Journal journal, int purchases, int seed)
    {
        var visits = new List<Task<Visit>>();
        for (var number = 0; number < purchases; number++)
        {
            visits.Add(One(site, journal, (seed * purchases) + number));
            await Task.Delay(Between);
        }

        return await Task.WhenAll(visits);
    }

    private static async Task<Visit> One(Uri site, Journal journal, int seed)
    {
        using var shopper = new FormShopper(site, seed);
        var began = journal.Now;
        Call? call = null;
        Guid? order = null;
        try
        {
            order = await shopper.Buy(
                Category,
                (product, quantity) =>
                    call = journal.Invoke(CallKind.Buy, shopper.User!, $"purchase-{seed}", [new(product, quantity)])
            );
        }
        catch (TimeoutException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
        }

        if (call is not null)
        {
            call = journal.End(call, new(order is null ? Outcome.Unknown : Outcome.Ok, order, []));
        }

        return new(shopper.User, call, order, shopper.Again, journal.Now - began);
    }

    /// <summary>All faults in a random order, over and over; each round begins with the storefront itself.</summary>
    private static async Task<List<string>> Break(
        WorkshopControl control,
        Journal journal,
        int seed,
        CancellationToken over
    )
    {
        var faults = new Faults(control, journal, mode: "synchronous", seed);
        var done = new List<string>();
        while (!over.IsCancellationRequested)
        {
            await Task.Delay(Absence, CancellationToken.None);
            journal.Note("KillWeb");
            await control.Command("shop-web", "kill");
            await Task.Delay(Absence, CancellationToken.None);
            await control.Command("shop-web", "start");
            done.Add("KillWeb");
            foreach (var kind in faults.Deck())
            {
                await Task.Delay(Calm, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (over.IsCancellationRequested)
                {
                    return done;
                }

                await faults.Do(kind);
                done.Add(kind.ToString());
            }
        }

        return done;
    }

    /// <summary>What the buyers were told, and what the shop has.</summary>
    private static async Task<History> History(
        HttpClient shop,
        Journal journal,
        IReadOnlyList<Visit> visits,
        Dictionary<Guid, int> stock
    )
    {
        var keys = visits
            .Where(visit => visit.Order is not null)
            .DistinctBy(visit => visit.Order)
            .ToDictionary(visit => visit.Order!.Value, visit => visit.Call!.Key);
        var stored = new List<StoredOrder>();
        foreach (var user in visits.Select(visit => visit.User).OfType<string>())
        {
            var orders = await shop.GetFromJsonAsync<JsonElement>(new Uri($"/orders/{user}", UriKind.Relative));
            foreach (var order in orders.EnumerateArray())
            {
                var id = order.GetProperty("id").GetGuid();
                stored.Add(new(id, user, keys.GetValueOrDefault(id), Shopper.LinesOf(order)));
            }
        }

        var left = new Dictionary<Guid, Stock>();
        foreach (var (product, initial) in stock)
        {
            var now = await shop.GetFromJsonAsync<JsonElement>(new Uri($"/products/{product}", UriKind.Relative));
            left[product] = new(initial, now.GetProperty("stock").GetInt32());
        }

        return new(journal.Calls, stored, left, []);
    }

    private static void Print(
        IReadOnlyList<Visit> visits,
        History history,
        List<string> faults,
        IReadOnlyList<Violation> violations,
        TimeSpan took
    )
    {
        var culture = CultureInfo.InvariantCulture;
        var completed = visits.Count(visit => visit.Order is not null);
        var once = visits.Count(visit => history.Orders.Count(order => order.Id == visit.Order) == 1);
        var isConserved = !violations.Any(violation => violation.Rule is Rule.StockIsConserved or Rule.NoOversell);
        var longest = visits.Max(visit => visit.Took);
        Console.WriteLine(
            string.Create(
                culture,
                $"| purchases completed | {visits.Count} of {visits.Count} | {completed} of {visits.Count} |"
            )
        );
        Console.WriteLine(string.Create(culture, $"| orders that are there once | {completed} | {once} |"));
        Console.WriteLine($"| stock: sold and left is what there was | yes | {(isConserved ? "yes" : "no")} |");
        Console.WriteLine(string.Create(culture, $"| rules of the checker broken | 0 | {violations.Count} |"));
        Console.WriteLine();
        Console.WriteLine(
            string.Create(
                culture,
                $"In {took.TotalSeconds:0} s there were {faults.Count} faults ({Counts(faults)}); buyers reloaded a page or pressed a button again {visits.Sum(visit => visit.Again)} times; the longest purchase took {longest.TotalSeconds:0.0} s."
            )
        );
        foreach (var violation in violations)
        {
            Console.Error.WriteLine($"VIOLATION {violation.Rule}: {violation.Detail}");
        }
    }

    private static string Counts(IEnumerable<string> faults) =>
        string.Join(
            ", ",
            faults
                .CountBy(fault => fault)
                .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value}"))
        );

    /// <summary>One purchase as it went.</summary>
    private sealed record Visit(string? User, Call? Call, Guid? Order, int Again, TimeSpan Took);
}
