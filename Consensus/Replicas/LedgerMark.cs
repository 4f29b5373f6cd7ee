namespace Consensus.Replicas;

/// <summary>
/// How far the ledger is at a place of the replicas' log. The blocks themselves stand in the file alone: a replica that is behind
/// gets the mark, and fetches the blocks, whose hashes the mark fixes.
/// </summary>
/// <param name="Count">Blocks.</param>
/// <param name="Head">Hash of the last; it fixes all before it.</param>
/// <param name="Key">The network's key, in hexadecimal: all replicas have the same.</param>
internal sealed record LedgerMark(long Count, string Head, string Key);
