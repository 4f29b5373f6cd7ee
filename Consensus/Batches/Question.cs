using System.Collections.Immutable;
using Consensus.Clients;
using Workshop.Ledger.Mechanism;

namespace Consensus.Batches;

/// <summary>One row, on its way to all members of a batch.</summary>
/// <param name="Line">The row.</param>
/// <param name="Truth">What is right, where the consensus knows; members are not told which rows those are.</param>
/// <param name="Replies">By member; each ends by the deadline.</param>
/// <param name="Again">The same, for a row that is asked twice; else empty.</param>
internal sealed record Question(
    string Line,
    long? Truth,
    IReadOnlyDictionary<string, Task<Reply>> Replies,
    IReadOnlyDictionary<string, Task<Reply>> Again
)
{
    /// <summary>
    /// Whether an answer is missing since we ourselves were late. A batch with such a question is not scored: what we
    /// were late with is nobody's absence. All replies must be there.
    /// </summary>
    internal bool WasOurLateness =>
        Replies.Values.Concat(Again.Values).Any(reply => reply.IsCompletedSuccessfully && reply.Result.IsOurLateness);

    /// <summary>The answers that are there by now.</summary>
    internal Dictionary<string, ImmutableArray<long>> Answered() =>
        Replies
            .Where(pair => pair.Value.IsCompletedSuccessfully)
            .ToDictionary(pair => pair.Key, pair => pair.Value.Result.Answer, StringComparer.Ordinal);
}

/// <summary>Turns what was asked and answered into the entry that the ledger settles.</summary>
internal static class BatchAssembly
{
    /// <summary>Waits for all replies, which end by their deadline, and puts them together.</summary>
    internal static async Task<BatchEntry> Gather(
        Network network,
        IEnumerable<string> members,
        IReadOnlyList<Question> questions
    )
    {
        var asked = new List<(string Member, Reply[] Rows)>();
        foreach (var member in members.Order(StringComparer.Ordinal))
        {
            asked.Add((member, await Task.WhenAll(questions.Select(question => question.Replies[member]))));
        }

        var answeredRows = Enumerable
            .Range(0, questions.Count)
            .Count(row => asked.Exists(entry => !entry.Rows[row].Answer.IsEmpty));
        var answers = ImmutableArray.CreateBuilder<MemberAnswers>();
        foreach (var (member, rows) in asked)
        {
            if (!IsLeftOut(rows, answeredRows))
            {
                answers.Add(
                    new(
                        member,
                        [.. rows.Select(reply => reply.Answer)],
                        await Again(member, questions),
                        Array.Find(rows, reply => reply.Answer.IsEmpty)?.Miss
                    )
                );
            }
        }

        return new(
            network.Name,
            0,
            [.. questions.Select(question => question.Line)],
            [
                .. questions
                    .Select((question, row) => (question.Truth, Row: row))
                    .Where(entry => entry.Truth is not null)
                    .Select(entry => new GoldRow(entry.Row, entry.Truth!.Value)),
            ],
            answers.ToImmutable(),
            null
        );
    }

    /// <summary>
    /// Whether a member would be absent only since there was no time to ask it: it answered at least half of what it was
    /// asked. Not the whole batch is void, as with <see cref="Question.WasOurLateness"/>: a single slow member would end all
    /// large batches.
    /// </summary>
    private static bool IsLeftOut(Reply[] rows, int answeredRows)
    {
        var asked = rows.Count(reply => !reply.WasNotAsked);
        var answered = rows.Count(reply => !reply.Answer.IsEmpty);
        return asked < rows.Length && !Absence.Missed(answered, asked) && Absence.Missed(answered, answeredRows);
    }

    private static async Task<ImmutableArray<SecondAnswer>> Again(string member, IReadOnlyList<Question> questions)
    {
        var again = ImmutableArray.CreateBuilder<SecondAnswer>();
        for (var row = 0; row < questions.Count; row++)
        {
            if (
                questions[row].Again.TryGetValue(member, out var second)
                && (await second).Answer is { IsEmpty: false } answer
            )
            {
                again.Add(new(row, answer));
            }
        }

        return again.ToImmutable();
    }
}
