using System.Runtime.InteropServices;
using ShopBench;
using ShopBench.Growth;

// dotnet run -c Release --project bench/shop [-- seconds-per-measurement [route ...]]; some of the routes are not a table.
// dotnet run -c Release --project bench/shop -- growth [--products 1000000] [--orders 10000000]
using var stop = new CancellationTokenSource();

// However it is ended, the servers end and their folder goes.
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
if (args is [BareKestrel.Command, var address])
{
    return await BareKestrel.Run(address, stop.Token);
}

await using var ground = await Ground.Prepare(stop.Token);
return args is ["growth", .. var sizes]
    ? await GrowthBench.Run(ground, sizes, stop.Token)
    : await RouteBench.Run(ground, args, stop.Token);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
