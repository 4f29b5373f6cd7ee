using System.Globalization;

namespace ShopBench;

/// <summary>The shop's routes beside those of a peer, and beside Npgsql alone.</summary>
internal static class RouteBench
{
    /// <summary>Measures, and with all routes writes the table into docs/performance.md.</summary>
    /// <param name="ground">The database and the shop.</param>
    /// <param name="arguments">Seconds per measurement, and routes.</param>
    /// <param name="ct">Ends the measuring.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> Run(Ground ground, string[] arguments, CancellationToken ct)
    {
        var given =
            arguments is [var first, ..] && int.TryParse(first, CultureInfo.InvariantCulture, out var number)
                ? number
                : 0;
        var seconds = given > 0 ? given : Measurement.DefaultSeconds;
        var routes = arguments is [_, _, ..] ? arguments[1..] : Measurement.Routes;
        await ground.PrepareContenders(ct);
        var results = await Measurement.Run(ground, routes, TimeSpan.FromSeconds(seconds), ct);
        if (ReferenceEquals(routes, Measurement.Routes))
        {
            var bytes = await Allocations.PerProductRead(ground, ct);
            var report = Report.Write(results, bytes, seconds);
            Console.WriteLine(report);
            Report.Save(report);
        }

        return 0;
    }
}
