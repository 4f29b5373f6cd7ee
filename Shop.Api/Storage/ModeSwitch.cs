using Npgsql;
using Shop.Api.Storage.Pair;

namespace Shop.Api.Storage;

/// <summary>
/// The one place that switches on the storage mode, at each step of each request: the mode changes while requests are under
/// way. All modes here use the same connections, and each commit is guarded in each of them, so a request that began in one
/// mode may end in another.
/// </summary>
/// <param name="current">The mode in force.</param>
/// <param name="modes">One implementation for each.</param>
internal sealed class ModeSwitch(CurrentMode current, IReadOnlyDictionary<StorageMode, IStorageMode> modes)
    : IStorageMode
{
    private IStorageMode Mode => modes[current.InForce];

    public bool Replicated => Mode.Replicated;

    public ValueTask<NpgsqlConnection> OpenWrite(CancellationToken ct) => Mode.OpenWrite(ct);

    public ValueTask<ReadSession> OpenRead(CancellationToken ct) => Mode.OpenRead(ct);

    public void Acknowledged(CommitPosition position) => Mode.Acknowledged(position);

    public Task Moved => Mode.Moved;

    public Task Replaced => Mode.Replaced;

    public Task Recover(Exception error, Task moved, TimeSpan wait, CancellationToken ct) =>
        Mode.Recover(error, moved, wait, ct);
}
