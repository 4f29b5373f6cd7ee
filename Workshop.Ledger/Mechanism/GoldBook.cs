using System.Collections.Immutable;

namespace Workshop.Ledger.Mechanism;

/// <summary>What a member's last answer to a gold row was worth.</summary>
/// <param name="Lost">Whether it was wrong.</param>
/// <param name="Correction">See <see cref="RowSight.Correction"/>.</param>
/// <param name="Answered">Number of the batch in which it answered.</param>
public readonly record struct GoldMark(bool Lost, double Correction, long Answered);

/// <summary>A gold row and what members last answered to it.</summary>
/// <param name="Row">As it was asked.</param>
/// <param name="Asked">Number of the batch in which it was last asked.</param>
/// <param name="Marks">Per member of the book; null where it did not answer.</param>
public sealed record GoldRecord(string Row, long Asked, ImmutableArray<GoldMark?> Marks);

/// <summary>
/// The gold book: every gold row once, in the order in which they were last asked. A row that is asked again and answered
/// alike is no new evidence: a member that is wrong on two rows of thirteen is not wrong more often because they are
/// asked a hundred times.
/// </summary>
/// <param name="Names">Whose marks are kept, sorted.</param>
/// <param name="Records">The row last asked last.</param>
public sealed record GoldBook(ImmutableArray<string> Names, ImmutableArray<GoldRecord> Records)
{
    /// <summary>Before the first gold row.</summary>
    public static GoldBook Empty { get; } = new([], []);

    /// <summary>The same book for other members: a new one has no marks, one that is gone is forgotten.</summary>
    internal GoldBook For(ImmutableArray<string> names)
    {
        if (names.AsSpan().SequenceEqual(Names.AsSpan()))
        {
            return this;
        }

        var places = Alignment.Of(Names, names);
        return new(
            names,
            [.. Records.Select(record => record with { Marks = Alignment.Move(record.Marks, places, null) })]
        );
    }

    /// <summary>
    /// The book after a row was asked, or after the truth of a row asked earlier was told. The newer answer counts; the
    /// oldest rows are forgotten.
    /// </summary>
    internal GoldBook After(GoldRecord asked, Parameters parameters)
    {
        var known = IndexOf(asked.Row);
        var record = known < 0 ? asked : Merge(Records[known], asked, parameters);
        var records = known < 0 ? Records : Records.RemoveAt(known);
        var place = records.Length;
        while (place > 0 && records[place - 1].Asked > record.Asked)
        {
            place--;
        }

        records = records.Insert(place, record);
        return this with { Records = records.Length > parameters.GoldBookRows ? records.RemoveAt(0) : records };
    }

    /// <summary>
    /// n / (n + 20) times the mean correction of a member over its newest rows: until the truth has spoken, the majority is
    /// believed.
    /// </summary>
    internal double Correction(int member, Parameters parameters)
    {
        var sum = 0.0;
        var rows = 0;
        for (var index = Records.Length - 1; index >= 0 && rows < parameters.CorrectionRows; index--)
        {
            if (Records[index].Marks[member] is { } mark)
            {
                sum += mark.Correction;
                rows++;
            }
        }

        return sum / (rows + parameters.CorrectionPriorRows);
    }

    /// <summary>Whether a member was wrong on each row that it last answered after a batch, the row last asked last.</summary>
    internal bool[] Losses(int member, long after)
    {
        var losses = new bool[Records.Length];
        var rows = 0;
        foreach (var record in Records)
        {
            if (record.Marks[member] is { } mark && mark.Answered > after)
            {
                losses[rows++] = mark.Lost;
            }
        }

        return losses[..rows];
    }

    private int IndexOf(string row)
    {
        for (var index = 0; index < Records.Length; index++)
        {
            if (string.Equals(Records[index].Row, row, StringComparison.Ordinal))
            {
                return index;
            }
        }

        return -1;
    }

    private static GoldRecord Merge(GoldRecord known, GoldRecord asked, Parameters parameters)
    {
        var (older, newer) = asked.Asked >= known.Asked ? (known, asked) : (asked, known);
        var marks = newer.Marks.ToArray();
        for (var member = 0; member < marks.Length; member++)
        {
            marks[member] ??=
                older.Marks[member] is { } mark && !parameters.MarksKeepTheirBatch
                    ? mark with
                    {
                        Answered = newer.Asked,
                    }
                    : older.Marks[member];
        }

        return newer with
        {
            Marks = [.. marks],
        };
    }
}
