namespace ShopBench.Growth;

/// <summary>How much the shop does by the number of connections that ask it at once.</summary>
internal static class ConnectionGrowth
{
    private static readonly long[] Sizes = [1, 8, 64, 512];

    private static readonly (string What, string Path)[] Routes =
    [
        ("one product", "product"),
        ("list, page 1 of 20", "list"),
        ("an order placed", "order"),
    ];

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(5);

    public static async Task<Curve> Measure(Ground ground, CancellationToken ct)
    {
        await ground.FillShelves(ct);
        foreach (var route in Routes)
        {
            // The first load that a process gets is the compiler's.
            await Ask(route.Path, connections: 8);
        }

        var curve = new Curve("connections", Sizes, "answers a second");
        foreach (var size in Sizes)
        {
            foreach (var (what, path) in Routes)
            {
                curve.Add(what, await Ask(path, (int)size));
            }
        }

        return curve;

        Task<double> Ask(string route, int connections) =>
            Measurement.Wrk(ground, ground.Shop, route, connections, Duration, ct);
    }
}
