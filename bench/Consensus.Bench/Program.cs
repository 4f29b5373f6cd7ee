using Consensus.Bench;
using Workshop.Figures;

// The others start nothing that outlives them.
using var stop = args is ["predict", ..] ? new StopSignals() : null;
return args switch
{
    ["ledger", .. var rest] when IsWrite(rest, out var write) => await LedgerBench.Run(write),
    ["predict", .. var rest] when IsWrite(rest, out var write) => await PredictBench.Run(write, stop!.Token),
    ["witness", .. var rest] when IsWrite(rest, out var write) => WitnessBench.Run(write),
    ["settle"] => SettleBench.Run(),
    ["scale", .. var rest] when IsWrite(rest, out var write) => ScaleBench.Run(write),
    _ => Usage(),
};

static bool IsWrite(string[] arguments, out bool write) => (write = arguments is ["--write"]) || arguments.Length == 0;

static int Usage()
{
    Console.Error.WriteLine("ledger [--write]   durable appends and verification, beside the disk and SHA-256 alone");
    Console.Error.WriteLine("predict [--write]  latency of a consensus of six beside one member and beside the limit");
    Console.Error.WriteLine("witness [--write]  a ledger of batches as a witness checks it: chain, replay, signatures");
    Console.Error.WriteLine("settle             how long the mechanism takes to settle a batch of 32 rows");
    Console.Error.WriteLine("scale [--write]    the same, and the block's bytes, from six members to a thousand");
    Console.Error.WriteLine("--write puts the table into docs/performance.md, scale's into docs/scale.md.");
    return 2;
}
