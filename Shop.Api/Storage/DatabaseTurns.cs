using Workshop.ServiceDefaults.Loops;

namespace Shop.Api.Storage;

/// <summary>
/// How much is at the database at once. Work that was left behind keeps its turn until it ends, since it holds a session: so
/// whatever hangs, there is a session for each turn.
/// </summary>
/// <param name="background">Waits for the end of what was left behind.</param>
/// <param name="time">The clock of the waits.</param>
public sealed class DatabaseTurns(Background background, TimeProvider time) : IDisposable
{
    /// <summary>The turns of reads.</summary>
    public Turns Reads { get; } = new(ShopDataSources.MaxReadConnections, time);

    /// <summary>The turns of writes.</summary>
    public Turns Writes { get; } = new(ShopDataSources.MaxWrites, time);

    /// <summary>
    /// Gives a turn back when its work ends; or when its server is not used any more, for what hangs there keeps nobody from the
    /// new one.
    /// </summary>
    /// <param name="turn">The turn.</param>
    /// <param name="work">What it was taken for.</param>
    /// <param name="replaced">Ends when the server of the work is not used any more.</param>
    public void GiveBack(IDisposable turn, Task work, Task replaced)
    {
        if (work.IsCompleted)
        {
            turn.Dispose();
            return;
        }

        background.Once(
            "a turn whose work was left behind",
            async () =>
            {
                await Task.WhenAny(work, replaced);
                turn.Dispose();
            }
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Reads.Dispose();
        Writes.Dispose();
    }
}
