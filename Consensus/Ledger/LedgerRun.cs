using Workshop.Ledger.Blocks;
using Workshop.Replicas;

namespace Consensus.Ledger;

/// <summary>The end of a service whose ledger does not hold.</summary>
internal static class LedgerRun
{
    /// <summary>
    /// Runs the service; a ledger that does not verify, or cannot be opened, ends it with one sentence and exit code 3.
    /// </summary>
    /// <param name="app">The service.</param>
    /// <param name="map">Makes its pipeline.</param>
    internal static async Task<int> RunWithLedger(this WebApplication app, Action map)
    {
        try
        {
            return await app.RunToEnd(map);
        }
        catch (LedgerException failure)
        {
            return await EndingRun.Say($"The ledger does not verify. {failure.Message}");
        }
        catch (LedgerRefusedException refusal)
        {
            return await EndingRun.Say(refusal.Message);
        }
    }
}
