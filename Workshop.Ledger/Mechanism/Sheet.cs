using System.Collections.Immutable;

namespace Workshop.Ledger.Mechanism;

/// <summary>A batch as a table: members of the network down, sorted by name; rows across.</summary>
internal sealed class Sheet
{
    private readonly ImmutableArray<ImmutableArray<long>>[] answers;

    private readonly int[] electors;

    /// <summary>Lays a batch out.</summary>
    /// <param name="batch">What was asked and answered.</param>
    /// <param name="names">Members with stake at risk, sorted.</param>
    /// <param name="electorate">Who counts; some of the names.</param>
    internal Sheet(BatchEntry batch, ImmutableArray<string> names, Electorate electorate)
    {
        Names = names;
        Rows = batch.Rows.Length;
        Electorate = electorate;
        Asked = new MemberAnswers?[names.Length];
        answers = new ImmutableArray<ImmutableArray<long>>[names.Length];
        foreach (var own in batch.Answers)
        {
            // A member that left while the batch was under way is no longer judged.
            if (names.BinarySearch(own.Member, StringComparer.Ordinal) is >= 0 and var member)
            {
                Asked[member] = own;
                answers[member] = own.Rows;
            }
        }

        electors = [.. electorate.Names.Select(name => names.BinarySearch(name, StringComparer.Ordinal))];
    }

    /// <summary>All members at risk, sorted.</summary>
    internal ImmutableArray<string> Names { get; }

    /// <summary>How many rows were asked.</summary>
    internal int Rows { get; }

    /// <summary>Who counts.</summary>
    internal Electorate Electorate { get; }

    /// <summary>Per member what it was asked and answered; null for one that was not asked.</summary>
    internal MemberAnswers?[] Asked { get; }

    /// <summary>A member's answer; empty for a miss.</summary>
    internal ImmutableArray<long> Answer(int member, int row) =>
        Asked[member] is null ? ImmutableArray<long>.Empty : answers[member][row];

    /// <summary>The electors' answers to a row, in the electorate's order.</summary>
    internal void Write(int row, Span<ImmutableArray<long>> electorAnswers)
    {
        for (var index = 0; index < electors.Length; index++)
        {
            electorAnswers[index] = electors[index] < 0 ? [] : Answer(electors[index], row);
        }
    }

    /// <summary>A member's place among the electors; -1 for one without influence.</summary>
    internal int ElectorOf(int member) => Array.IndexOf(electors, member);

    /// <summary>Rows that somebody answered: what nobody answered is nobody's absence.</summary>
    internal int AnsweredRows()
    {
        var answered = 0;
        for (var row = 0; row < Rows; row++)
        {
            for (var member = 0; member < Names.Length; member++)
            {
                if (!Answer(member, row).IsEmpty)
                {
                    answered++;
                    break;
                }
            }
        }

        return answered;
    }
}
