using Consensus.Bench;

return args switch
{
    ["ledger"] => await LedgerBench.Run(),
    ["predict", var consensus, .. var members] when members.Length > 0 => await PredictBench.Run(consensus, members),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        "ledger                              durable appends and verification, beside the disk and SHA-256 alone"
    );
    Console.Error.WriteLine(
        "predict CONSENSUS MEMBER [MEMBER…]  latency of a running consensus beside that of its members (addresses)"
    );
    return 2;
}
