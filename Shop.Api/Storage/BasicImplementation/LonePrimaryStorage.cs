using Shop.Api.Storage.AsynchronousReplication;
using Shop.Api.Storage.Pair;

namespace Shop.Api.Storage.BasicImplementation;

/// <summary>
/// Basic mode where a second server is wired and not in use. A write is acknowledged when the primary has it on disk. On the
/// way from and to another mode commits are marked and receipts kept as there: a failover may come before this server hears
/// of the end of the way.
/// </summary>
internal sealed class LonePrimaryStorage(CurrentMode mode, DatabasePair pair, ReadTokens tokens)
    : PrimaryStorage(pair, tokens)
{
    public override bool Replicated => mode.IsPaired || HasToken;
}
