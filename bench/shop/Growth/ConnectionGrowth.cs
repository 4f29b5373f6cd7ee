namespace ShopBench.Growth;

/// <summary>How much the shop does by the number of connections that ask it at once.</summary>
internal static class ConnectionGrowth
{
    private static readonly long[] Sizes = [1, 8, 64, 512];

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(5);

    public static async Task<Curve> Measure(Ground ground, CancellationToken ct)
    {
        await ground.FillShelves(ct);
        var curve = new Curve("connections", Sizes, "answers a second");
        foreach (var size in Sizes)
        {
            curve.Add("one product", await Ask("product", (int)size));
            curve.Add("list, page 1 of 20", await Ask("list", (int)size));
            curve.Add("an order placed", await Ask("order", (int)size));
        }

        return curve;

        Task<double> Ask(string route, int connections) =>
            Measurement.Wrk(ground, ground.Shop, route, connections, Duration, ct);
    }
}
