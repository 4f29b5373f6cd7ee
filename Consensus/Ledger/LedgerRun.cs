using Workshop.Ledger.Blocks;

namespace Consensus.Ledger;

/// <summary>The end of a service whose ledger does not hold.</summary>
internal static class LedgerRun
{
    private const int LedgerDamaged = 3;

    /// <summary>
    /// Runs the service; a ledger that does not verify, or cannot be opened, ends it with one sentence and exit code 3.
    /// </summary>
    internal static async Task<int> RunWithLedger(this WebApplication app)
    {
        try
        {
            await app.RunAsync();
            return 0;
        }
        catch (LedgerException failure)
        {
            await Console.Error.WriteLineAsync($"The ledger does not verify. {failure.Message}");
            return LedgerDamaged;
        }
        catch (LedgerRefusedException refusal)
        {
            await Console.Error.WriteLineAsync(refusal.Message);
            return LedgerDamaged;
        }
    }
}
