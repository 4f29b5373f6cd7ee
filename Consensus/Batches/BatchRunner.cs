using System.Collections.Immutable;
using System.Security.Cryptography;
using Consensus.Clients;
using Consensus.Ledger;
using Microsoft.Extensions.Options;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Networks;
using Workshop.ServiceDefaults.Errors;

namespace Consensus.Batches;

/// <summary>Runs a whole batch at once.</summary>
internal sealed class BatchRunner(
    PredictorClients clients,
    MissTracker misses,
    LedgerWriter ledger,
    BatchTurns turns,
    BatchCollector collector,
    IOptions<ConsensusOptions> options
)
{
    /// <summary>Asks all rows of all members, settles, and answers once the block is on disk.</summary>
    /// <param name="schema">Which network.</param>
    /// <param name="lines">Rows given by the caller.</param>
    /// <param name="size">Rows in all; what is not given is drawn from the held-out rows.</param>
    /// <param name="intent">The caller's key and request, written with the batch; null without a key.</param>
    /// <param name="ct">The caller's patience; what was asked is settled all the same.</param>
    /// <returns>Number of the batch; null when there is no member to ask.</returns>
    internal async Task<long?> Run(
        Schema schema,
        IReadOnlyList<string> lines,
        int size,
        Intent? intent,
        CancellationToken ct
    )
    {
        // What is being gathered is written first, and not only when its time is up.
        collector.CloseNow(schema);
        using var turn = await turns.Take(schema, ct);
        var members = FanOut.MembersOf(ledger.Now.State, schema.Network.Name);
        if (members.IsEmpty)
        {
            return null;
        }

        var rows = Mix(schema, turn, lines, size);
        var replies = await Task.WhenAll(members.Select(member => Ask(member, schema, rows)));
        var questions = rows.Select(
                (row, index) =>
                    new Question(
                        row.Line,
                        row.Truth,
                        ByMember(members, replies, index),
                        row.Twice is { } again ? ByMember(members, replies, again) : ByMember([], replies, 0)
                    )
            )
            .ToArray();
        if (Array.Exists(questions, question => question.WasOurLateness))
        {
            throw new ServiceUnavailableException(
                "The consensus was busy, and late with the answers itself: nothing was scored. Ask again."
            );
        }

        var entry = await BatchAssembly.Gather(
            schema.Network,
            members.Select(member => member.Name),
            [.. questions.Where((_, index) => !rows[index].IsSecond)]
        );
        // Whoever gives up waiting must not give the number away before its batch is written.
        var outcome = await ledger.Append(_ => turn.Seal(entry) with { Intent = intent }, CancellationToken.None);
        return outcome is Applied { Entry: BatchEntry settled }
            ? settled.Number
            : throw new ServiceUnavailableException(
                $"Another batch was written meanwhile; ask again. {(outcome as Refused)?.Reason}"
            );
    }

    /// <summary>
    /// The given rows, filled up with held-out ones, in random order. Gold is drawn by the seed from the held-out rows alone,
    /// so the rows that a caller gave are never judged by what the caller claims of them; where they leave no room for it the
    /// batch is larger than was asked, for without gold nobody is judged.
    /// </summary>
    private ImmutableArray<Asked> Mix(Schema schema, BatchTurn turn, IReadOnlyList<string> lines, int size)
    {
        var wanted = Gold.CountOf(size, ledger.Now.State.Parameters);
        var gold = turn.Gold.Take(wanted).Select(row => new Asked(row.Line, row.Truth)).ToArray();
        var filling = Enumerable
            .Range(0, Math.Max(0, size - lines.Count - gold.Length))
            .Select(_ => new Asked(FanOut.DrawHeldOut(schema).Line, null));
        var rows = lines.Select(line => new Asked(line, null)).Concat(gold).Concat(filling).ToArray();
        RandomNumberGenerator.Shuffle(rows.AsSpan());
        var all = rows.ToList();
        for (var index = 0; index < rows.Length; index++)
        {
            if (RandomNumberGenerator.GetInt32(options.Value.RowsPerSecondQuestion) == 0)
            {
                all[index] = rows[index] with { Twice = all.Count };
                all.Add(rows[index] with { IsSecond = true });
            }
        }

        return [.. all];
    }

    private async Task<Reply[]> Ask(Member member, Schema schema, ImmutableArray<Asked> rows)
    {
        var client = clients.For(member, schema);
        Reply[] replies = [.. await client.AskAll([.. rows.Select(row => row.Line)], CancellationToken.None)];
        misses.Note(member.Name, replies);
        return replies;
    }

    private static Dictionary<string, Task<Reply>> ByMember(
        ImmutableArray<Member> members,
        Reply[][] replies,
        int row
    ) =>
        members
            .Select((member, index) => (member.Name, Reply: Task.FromResult(replies[index][row])))
            .ToDictionary(entry => entry.Name, entry => entry.Reply, StringComparer.Ordinal);

    /// <summary>A row of a batch as it goes out.</summary>
    /// <param name="Line">The row.</param>
    /// <param name="Truth">Where it is gold.</param>
    private sealed record Asked(string Line, long? Truth)
    {
        /// <summary>Index of the second question, where there is one.</summary>
        internal int? Twice { get; init; }

        /// <summary>Whether it is a second question.</summary>
        internal bool IsSecond { get; init; }
    }
}
