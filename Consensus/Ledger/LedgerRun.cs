using Workshop.Ledger.Blocks;

namespace Consensus.Ledger;

/// <summary>Ends a service that is running, whose ledger does not hold.</summary>
internal sealed class LedgerEnding(IHostApplicationLifetime lifetime)
{
    private volatile string? sentence;

    /// <summary>What is said at the end; null where nothing is wrong.</summary>
    internal string? Sentence => sentence;

    /// <summary>Stops the service; what was said first stands.</summary>
    internal void End(string reason)
    {
        sentence ??= reason;
        lifetime.StopApplication();
    }
}

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
            var ending = app.Services.GetRequiredService<LedgerEnding>();
            await app.RunAsync();
            if (ending.Sentence is not { } sentence)
            {
                return 0;
            }

            await Console.Error.WriteLineAsync(sentence);
            return LedgerDamaged;
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
