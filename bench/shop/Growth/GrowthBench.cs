using System.Globalization;
using Npgsql;
using Workshop.Figures;

namespace ShopBench.Growth;

/// <summary>
/// How the answers grow: the shop's with what it holds, on one database that is filled step by step, and with who asks; the
/// registry's with the servers that it knows.
/// </summary>
internal static class GrowthBench
{
    private const string Mark = "bench/shop growth";

    private const long MostProducts = 1_000_000;

    private const long MostOrders = 10_000_000;

    /// <summary>Fills, measures, prints, and writes the tables into docs/scale.md where the sizes were the usual ones.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> Run(Ground ground, string[] arguments, CancellationToken ct)
    {
        if (Read(arguments) is not var (products, orders))
        {
            await Console.Error.WriteLineAsync(
                "growth [--products 1000000] [--orders 10000000]: at least 10000 of each"
            );
            return 2;
        }

        var load = MachineLoad.Now();
        using var http = new HttpClient { BaseAddress = ground.Shop };
        await using var database = NpgsqlDataSource.Create(ground.Database("shop") + ";Command Timeout=3600");
        var ofConnections = await ConnectionGrowth.Measure(ground, ct);
        var ofServers = await RegistryGrowth.Measure(ground, ct);
        var ofOrders = await OrderGrowth.Measure(database, http, Sizes(10_000, orders), ct);
        var ofProducts = await ProductGrowth.Measure(database, http, Sizes(1_000, products), ct);
        var report = $"""
            {ofProducts.Table()}
            {ofOrders.Table()}
            {ofConnections.Table()}
            {ofServers.Table()}
            Medians of up to 50 requests, one after the other, {Environment.ProcessorCount} cores, load average {load} before.
            """;
        Console.WriteLine(report);
        if ((products, orders) == (MostProducts, MostOrders))
        {
            FigureDocument.Write("scale.md", Mark, report);
        }

        return 0;
    }

    /// <summary>Runs one statement that fills a table.</summary>
    public static async Task Execute(
        NpgsqlDataSource database,
        string sql,
        CancellationToken ct,
        params object[] values
    )
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddRange(values.Select(value => new NpgsqlParameter { Value = value }).ToArray());
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Asks for one text.</summary>
    public static async Task<string> Scalar(NpgsqlDataSource database, string sql, CancellationToken ct)
    {
        await using var command = database.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync(ct))!;
    }

    private static (long Products, long Orders)? Read(string[] arguments)
    {
        var (products, orders) = (MostProducts, MostOrders);
        for (var index = 0; index + 1 < arguments.Length; index += 2)
        {
            if (!long.TryParse(arguments[index + 1], CultureInfo.InvariantCulture, out var size) || size < 10_000)
            {
                return null;
            }

            (products, orders) = arguments[index] switch
            {
                "--products" => (size, orders),
                "--orders" => (products, size),
                _ => (0, 0),
            };
        }

        return arguments.Length % 2 == 0 && products > 0 ? (products, orders) : null;
    }

    private static List<long> Sizes(long least, long most)
    {
        var sizes = new List<long>();
        for (var size = least; size < most; size *= 10)
        {
            sizes.Add(size);
        }

        return [.. sizes, most];
    }
}
