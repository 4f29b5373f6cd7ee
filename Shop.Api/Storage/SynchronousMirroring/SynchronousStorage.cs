using Shop.Api.Storage.AsynchronousReplication;
using Shop.Api.Storage.Pair;

namespace Shop.Api.Storage.SynchronousMirroring;

/// <summary>
/// A primary and its standby. A write is acknowledged when both have it on disk: the commit itself waits for the standby.
/// All reads are the primary's.
/// </summary>
internal sealed class SynchronousStorage(DatabasePair pair, ReadTokens tokens) : PrimaryStorage(pair, tokens)
{
    public override bool Replicated => true;
}
