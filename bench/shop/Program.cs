using System.Globalization;
using System.Runtime.InteropServices;
using ShopBench;
using ShopBench.Growth;

// dotnet run -c Release --project bench/shop [-- seconds-per-measurement [route ...]]; some of the routes are not a table.
// dotnet run -c Release --project bench/shop -- growth [--products 1000000] [--orders 10000000]
var given = args is [var first, ..] && int.TryParse(first, CultureInfo.InvariantCulture, out var number) ? number : 0;
var seconds = given > 0 ? given : Measurement.DefaultSeconds;
var routes = args is [_, _, ..] ? args[1..] : Measurement.Routes;
using var stop = new CancellationTokenSource();

// However it is ended, the servers end and their folder goes.
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
await using var ground = await Ground.Prepare(stop.Token);
if (args is ["growth", .. var sizes])
{
    return await GrowthBench.Run(ground, sizes, stop.Token);
}

await ground.PrepareContenders(stop.Token);
var results = await Measurement.Run(ground, routes, TimeSpan.FromSeconds(seconds), stop.Token);
if (ReferenceEquals(routes, Measurement.Routes))
{
    var bytes = await Allocations.PerProductRead(ground, stop.Token);
    var report = Report.Write(results, bytes, seconds);
    Console.WriteLine(report);
    Report.Save(report);
}

return 0;

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
