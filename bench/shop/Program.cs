using System.Globalization;
using System.Runtime.InteropServices;
using ShopBench;

// dotnet run -c Release --project bench/shop [-- seconds-per-measurement]
var seconds =
    args is [var first] && int.TryParse(first, CultureInfo.InvariantCulture, out var given) && given > 0
        ? given
        : Measurement.DefaultSeconds;
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

// Either way the servers end and their folder goes.
using var terminated = PosixSignalRegistration.Create(
    PosixSignal.SIGTERM,
    signal =>
    {
        signal.Cancel = true;
        stop.Cancel();
    }
);
await using var ground = await Ground.Prepare(stop.Token);
var results = await Measurement.Run(ground, TimeSpan.FromSeconds(seconds), stop.Token);
var bytes = await Allocations.PerProductRead(ground, stop.Token);
var report = Report.Write(results, bytes, seconds);
Console.WriteLine(report);
Report.Save(report);
