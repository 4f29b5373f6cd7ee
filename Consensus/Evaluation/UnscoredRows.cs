using System.Collections.Immutable;
using Consensus.Clients;

namespace Consensus.Evaluation;

/// <summary>Many rows whose answers are not scored, so that a member may be asked again.</summary>
internal static class UnscoredRows
{
    /// <summary>Rows that share a deadline: one for all of them is too short for a member that is busy.</summary>
    private const int RowsPerPiece = 32;

    /// <summary>Times that a row is asked at most.</summary>
    internal const int Attempts = 3;

    /// <summary>Asks all rows, those that were missed again; after a piece without any answer the rest is not asked.</summary>
    /// <param name="client">Of the member.</param>
    /// <param name="lines">The rows.</param>
    /// <param name="ct">Gives up.</param>
    /// <param name="limit">Ends the asking: what is not answered by then is a miss.</param>
    /// <returns>Per row the answer, empty for a miss.</returns>
    internal static async Task<ImmutableArray<ImmutableArray<long>>> AskUnscored(
        this IPredictorClient client,
        IReadOnlyList<string> lines,
        CancellationToken ct,
        CancellationToken limit
    )
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit);
        var answers = AnswerReader.Misses(lines.Count).ToArray();
        foreach (var piece in Enumerable.Range(0, lines.Count).Chunk(RowsPerPiece))
        {
            var open = piece;
            for (var attempt = 0; attempt < Attempts && open.Length > 0 && !limit.IsCancellationRequested; attempt++)
            {
                var replies = await client.AskWithin([.. open.Select(row => lines[row])], limit, either.Token);
                foreach (var (row, reply) in open.Zip(replies))
                {
                    answers[row] = reply.Answer;
                }

                open = [.. open.Where(row => answers[row].IsEmpty)];
            }

            if (open.Length == piece.Length)
            {
                break;
            }
        }

        return [.. answers];
    }

    /// <summary>The replies; misses where the limit ended it, and not the caller.</summary>
    private static async Task<IReadOnlyList<Reply>> AskWithin(
        this IPredictorClient client,
        IReadOnlyList<string> lines,
        CancellationToken limit,
        CancellationToken either
    )
    {
        try
        {
            return await client.AskAll(lines, either);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return [.. Enumerable.Repeat(Reply.Unasked, lines.Count)];
        }
    }
}
