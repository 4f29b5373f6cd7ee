using System.Collections.Immutable;
using Consensus.Members;
using Microsoft.Extensions.Options;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Networks;

namespace Consensus.Evaluation;

/// <summary>
/// Asks one member many rows whose answers nobody scores. In pieces, since one deadline for all of them is too short for a
/// member that is busy, and a piece that it missed again.
/// </summary>
internal sealed class Survey(MemberGateway gateway, IOptions<ConsensusOptions> options)
{
    /// <summary>Rows that share a deadline.</summary>
    private const int RowsPerPiece = 32;

    /// <summary>Times that a row is asked at most.</summary>
    internal const int Attempts = 3;

    /// <summary>Asks all rows; a member that has answered nothing of a piece is not asked the next one.</summary>
    /// <param name="member">Whom.</param>
    /// <param name="schema">Which network.</param>
    /// <param name="lines">The rows.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Per row the answer, empty for a miss.</returns>
    internal async Task<ImmutableArray<ImmutableArray<long>>> Ask(
        Member member,
        Schema schema,
        IReadOnlyList<string> lines,
        CancellationToken ct
    )
    {
        var answers = AnswerReader.Misses(lines.Count).ToArray();
        foreach (var piece in Enumerable.Range(0, lines.Count).Chunk(RowsPerPiece))
        {
            var open = piece;
            for (var attempt = 0; attempt < Attempts && open.Length > 0; attempt++)
            {
                var replies = await AskOnce(member, schema, [.. open.Select(row => lines[row])], ct);
                foreach (var (row, answer) in open.Zip(replies))
                {
                    answers[row] = answer;
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

    private async Task<ImmutableArray<ImmutableArray<long>>> AskOnce(
        Member member,
        Schema schema,
        string[] lines,
        CancellationToken ct
    )
    {
        if (string.Equals(member.Protocol, Registration.V2, StringComparison.Ordinal))
        {
            return (await gateway.AskMany(member, schema, lines, ct)).Rows;
        }

        var answers = new ImmutableArray<long>[lines.Length];
        await Parallel.ForAsync(
            0,
            lines.Length,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = options.Value.RequestsInFlightPerMember,
                CancellationToken = ct,
            },
            async (row, stop) => answers[row] = (await gateway.Ask(member, schema, lines[row], stop)).Answer
        );
        return [.. answers];
    }
}
