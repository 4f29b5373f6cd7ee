namespace Workshop.Ledger.Witnesses;

/// <summary>Compares what a witness holds with what is shown now, and finds the first block that differs.</summary>
/// <param name="follower">What is held.</param>
/// <param name="source">Shows.</param>
/// <param name="time">Says when.</param>
internal sealed class Comparison(Follower follower, LedgerSource source, TimeProvider time)
{
    /// <summary>Looks at the last block that is held, and at the last that was signed.</summary>
    /// <returns>Blocks that are shown.</returns>
    /// <exception cref="ConflictException">They differ.</exception>
    /// <exception cref="HttpRequestException">Nothing is shown now.</exception>
    internal async Task<long> Check(CancellationToken ct)
    {
        if (follower.Signed is { Checkpoint: var signed } && signed.Height >= follower.Next)
        {
            await CheckSigned(signed, ct);
        }

        if (follower.Next == 0)
        {
            return (await source.Look(0, ct)).Blocks;
        }

        var last = follower.Next - 1;
        var shown = await source.Look(last, ct);
        return Same(follower.Copy.HashAt(last), shown.Hash) ? shown.Blocks : throw await Differs(shown, ct);
    }

    /// <summary>The copy was lost, the signature was not.</summary>
    private async Task CheckSigned(Checkpoint signed, CancellationToken ct)
    {
        var shown = await source.Look(signed.Height, ct);
        if (shown.Hash is null)
        {
            throw new ConflictException(
                LedgerConflict.OfTruncation(shown.Blocks, signed.Height + 1, signed.Hash, null, time.GetUtcNow())
            );
        }

        if (!Same(signed.Hash, shown.Hash))
        {
            throw new ConflictException(
                new LedgerConflict(
                    LedgerConflict.Rewritten,
                    signed.Height,
                    signed.Hash,
                    shown.Hash,
                    $"Block {signed.Height} is not the one that was signed: history was rewritten.",
                    null,
                    shown.Line is { Length: <= LedgerConflict.LongestBlock } line ? line : null,
                    time.GetUtcNow()
                )
            );
        }
    }

    /// <summary>Halves the blocks between one that is the same and one that is not.</summary>
    private async Task<ConflictException> Differs(ShownBlock last, CancellationToken ct)
    {
        var (same, different) = (-1L, last.Hash is null ? last.Blocks : follower.Next - 1);
        var found = last.Hash is null ? null : last;
        while (different - same > 1)
        {
            var middle = same + ((different - same) / 2);
            var shown = await source.Look(middle, ct);
            if (shown.Hash is not null && Same(follower.Copy.HashAt(middle), shown.Hash))
            {
                same = middle;
            }
            else
            {
                (different, found) = (middle, shown.Hash is null ? null : shown);
            }
        }

        return new(
            found is null
                ? LedgerConflict.OfTruncation(
                    different,
                    follower.Next,
                    follower.Copy.HashAt(different),
                    follower.Copy.LineAt(different)?.Line,
                    time.GetUtcNow()
                )
                : LedgerConflict.OfRewriting(follower.Copy, different, found, time.GetUtcNow())
        );
    }

    private static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.Ordinal);
}
