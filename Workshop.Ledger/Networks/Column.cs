using System.Collections.Immutable;
using System.Globalization;

namespace Workshop.Ledger.Networks;

/// <summary>What kind of values a column holds.</summary>
public enum ColumnType
{
    /// <summary>A real number within the column's range.</summary>
    Number,

    /// <summary>A whole number within the column's range.</summary>
    WholeNumber,

    /// <summary>One of the column's levels.</summary>
    Category,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Flag,
}

/// <summary>
/// One input of a network: its name in the file and in the query, and its domain. A value is held as a double: the
/// number itself, a category as the index of its level, a flag as 0 or 1, a missing value as NaN.
/// </summary>
/// <param name="Name">Name in the file, in a query and in the protocol, for example <c>sepalLength</c>.</param>
/// <param name="Type">Kind of values.</param>
/// <param name="Minimum">Least number allowed (numbers only).</param>
/// <param name="Maximum">Greatest number allowed (numbers only).</param>
/// <param name="Levels">Allowed words (categories and flags), in the order of their indexes.</param>
/// <param name="Unit">Unit of the numbers, for people, for example <c>cm</c>; empty where there is none.</param>
/// <param name="MayBeMissing">Whether an empty value is allowed, because the data has empty ones.</param>
public sealed record Column(
    string Name,
    ColumnType Type,
    double Minimum,
    double Maximum,
    ImmutableArray<string> Levels,
    string Unit,
    bool MayBeMissing
)
{
    private static readonly ImmutableArray<string> FlagLevels = ["false", "true"];

    /// <summary>A real number in [<paramref name="minimum"/>, <paramref name="maximum"/>].</summary>
    public static Column Number(string name, double minimum, double maximum, string unit, bool mayBeMissing = false) =>
        new(name, ColumnType.Number, minimum, maximum, [], unit, mayBeMissing);

    /// <summary>A whole number in [<paramref name="minimum"/>, <paramref name="maximum"/>].</summary>
    public static Column Whole(string name, double minimum, double maximum) =>
        new(name, ColumnType.WholeNumber, minimum, maximum, [], "", false);

    /// <summary>One of <paramref name="levels"/>.</summary>
    public static Column Category(string name, bool mayBeMissing, params ImmutableArray<string> levels) =>
        new(name, ColumnType.Category, 0, levels.Length - 1, levels, "", mayBeMissing);

    /// <summary>A yes or no, written <c>true</c> or <c>false</c>.</summary>
    public static Column Flag(string name) => new(name, ColumnType.Flag, 0, 1, FlagLevels, "", false);

    /// <summary>Whether values are words out of <see cref="Levels"/>.</summary>
    public bool HasLevels => Type is ColumnType.Category or ColumnType.Flag;

    /// <summary>Whether values are whole numbers.</summary>
    public bool IsWhole => Type is ColumnType.WholeNumber;

    /// <summary>Reads a value as text.</summary>
    /// <param name="text">As in a query or in the file; empty for a missing value.</param>
    /// <param name="value">The value, NaN when missing; meaningless after an error.</param>
    /// <returns>Null when the value is of the domain, else what is wrong, for people.</returns>
    public string? Read(ReadOnlySpan<char> text, out double value)
    {
        value = double.NaN;
        if (text.IsEmpty)
        {
            return ReadMissing(out value);
        }

        if (HasLevels)
        {
            value = LevelOf(text);
            return value < 0 ? Domain() : null;
        }

        const NumberStyles Style =
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        // A NUL at the end of a number is parsed over, and nothing that anybody means.
        return !text.Contains('\0') && double.TryParse(text, Style, CultureInfo.InvariantCulture, out value)
            ? Check(value)
            : Domain();
    }

    /// <summary>Brings a value into the one form in which it is asked and recorded.</summary>
    /// <param name="text">As it came; empty for a missing value.</param>
    /// <param name="canonical">For example <c>5.1</c> for <c>5.10</c>; meaningless after an error.</param>
    /// <returns>Null, or what is wrong with it.</returns>
    public string? ReadCanonical(string text, out string canonical)
    {
        var error = Read(text, out var value);
        canonical = error is null ? Write(value == 0 ? 0 : value) : text;
        return error;
    }

    /// <summary>Checks a number that came as a number.</summary>
    /// <param name="number">Any double.</param>
    /// <returns>Null when it is of the domain, else what is wrong.</returns>
    public string? Check(double number) =>
        !HasLevels && number >= Minimum && number <= Maximum && (!IsWhole || double.IsInteger(number))
            ? null
            : Domain();

    /// <summary>A missing value, if the column may have one.</summary>
    /// <param name="value">NaN.</param>
    /// <returns>Null where a missing value is allowed, else what is wrong.</returns>
    public string? ReadMissing(out double value)
    {
        value = double.NaN;
        return MayBeMissing ? null : $"A value is required. {Domain()}";
    }

    /// <summary>The value as it stands in the file: a word or a number; empty when missing.</summary>
    public string Write(double value) =>
        double.IsNaN(value) ? ""
        : HasLevels ? Levels[(int)value]
        : value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The domain in words.</summary>
    public string Domain() =>
        HasLevels
            ? $"Must be one of: {string.Join(", ", Levels)}."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Must be a {(IsWhole ? "whole number" : "number")} from {Minimum} to {Maximum}."
            );

    private int LevelOf(ReadOnlySpan<char> text)
    {
        for (var level = 0; level < Levels.Length; level++)
        {
            if (text.SequenceEqual(Levels[level]))
            {
                return level;
            }
        }

        return -1;
    }
}
