using ShopBench;
using ShopBench.Growth;
using Workshop.Figures;

// dotnet run -c Release --project bench/shop [-- seconds-per-measurement [route ...]]; some of the routes are not a table.
// dotnet run -c Release --project bench/shop -- growth [--products 1000000] [--orders 10000000]
using var stop = new StopSignals();
if (args is [BareKestrel.Command, var address])
{
    return await BareKestrel.Run(address, stop.Token);
}

await using var ground = await Ground.Prepare(stop.Token);
return args is ["growth", .. var sizes]
    ? await GrowthBench.Run(ground, sizes, stop.Token)
    : await RouteBench.Run(ground, args, stop.Token);
