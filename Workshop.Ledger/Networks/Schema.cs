using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Workshop.Ledger.Mechanism;

namespace Workshop.Ledger.Networks;

/// <summary>One input of a network, and what it may be.</summary>
/// <param name="Name">As in a query, for example <c>sepalLength</c>.</param>
/// <param name="Type"><c>number</c>, <c>whole</c> or <c>category</c>.</param>
/// <param name="Minimum">Least number.</param>
/// <param name="Maximum">Greatest number.</param>
/// <param name="Levels">Words of a category.</param>
/// <param name="MayBeMissing">Whether it may be empty.</param>
public sealed record Column(
    string Name,
    string Type,
    double Minimum,
    double Maximum,
    ImmutableArray<string> Levels,
    bool MayBeMissing
)
{
    private const string Category = "category";

    private const string Whole = "whole";

    /// <summary>Whether its values are words.</summary>
    [JsonIgnore]
    public bool HasLevels => string.Equals(Type, Category, StringComparison.Ordinal);

    /// <summary>Whether its values are whole numbers.</summary>
    [JsonIgnore]
    public bool IsWhole => string.Equals(Type, Whole, StringComparison.Ordinal);

    /// <summary>Brings a value into the one form in which it is asked and recorded.</summary>
    /// <param name="text">As it came; empty for a missing value.</param>
    /// <param name="canonical">For example <c>5.1</c> for <c>5.10</c>.</param>
    /// <returns>Null, or what is wrong with it.</returns>
    public string? Read(string text, out string canonical)
    {
        canonical = text;
        if (text.Length == 0)
        {
            return MayBeMissing ? null : $"A value is required. {Domain()}";
        }

        if (HasLevels)
        {
            return Levels.Contains(text, StringComparer.Ordinal) ? null : Domain();
        }

        const NumberStyles Style =
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (
            text.Contains('\0', StringComparison.Ordinal) // parsed over at the end of a number
            || !double.TryParse(text, Style, CultureInfo.InvariantCulture, out var number)
            || !(number >= Minimum && number <= Maximum)
            || (IsWhole && !double.IsInteger(number))
        )
        {
            return Domain();
        }

        canonical = (number == 0 ? 0 : number).ToString("R", CultureInfo.InvariantCulture);
        return null;
    }

    /// <summary>The domain in words.</summary>
    public string Domain() =>
        HasLevels
            ? $"Must be one of: {string.Join(", ", Levels)}."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Must be a {(IsWhole ? "whole number" : "number")} from {Minimum} to {Maximum}."
            );
}

/// <summary>A row whose truth is known.</summary>
/// <param name="Line">The inputs, as <see cref="Schema"/> writes a row.</param>
/// <param name="Truth">Index of the class, or the value in cents.</param>
public sealed record HeldOutRow(string Line, long Truth);

/// <summary>What a network asks: its inputs, and the rows whose truth the consensus knows.</summary>
/// <param name="Network">What it predicts.</param>
/// <param name="Target">The column that is predicted.</param>
/// <param name="Columns">The inputs, in order.</param>
/// <param name="HeldOut">Rows that no member was trained on.</param>
public sealed record Schema(
    Network Network,
    string Target,
    ImmutableArray<Column> Columns,
    ImmutableArray<HeldOutRow> HeldOut
)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>All networks; the one asked when none is named stands first.</summary>
    public static ImmutableArray<Schema> All { get; } =
    [
        .. JsonSerializer
            .Deserialize<ImmutableArray<Description>>(Resource("networks.json"), Json)
            .Select(description => Load(description)),
    ];

    /// <summary>Finds a network by name, or null.</summary>
    public static Schema? Find(string name) =>
        All.FirstOrDefault(schema => string.Equals(schema.Network.Name, name, StringComparison.Ordinal));

    /// <summary>Reads the values of one row.</summary>
    /// <param name="values">All values given under a column's name: none, one or more.</param>
    /// <param name="names">All names that were given.</param>
    /// <param name="errors">Gets what is wrong, by name.</param>
    /// <returns>The row as a line of comma-separated canonical values; meaningless after an error.</returns>
    public string ReadRow(
        Func<string, IReadOnlyList<string>> values,
        IEnumerable<string> names,
        IDictionary<string, string[]> errors
    )
    {
        foreach (
            var name in names.Where(name =>
                Columns.All(column => !string.Equals(column.Name, name, StringComparison.Ordinal))
            )
        )
        {
            errors[name] =
            [
                $"Unknown. {Network.Name} takes: {string.Join(", ", Columns.Select(column => column.Name))}.",
            ];
        }

        var cells = new string[Columns.Length];
        for (var index = 0; index < Columns.Length; index++)
        {
            var column = Columns[index];
            var given = values(column.Name);
            var error = given.Count switch
            {
                0 => column.MayBeMissing
                    ? "Is missing; give it empty where the value is not known."
                    : $"Is missing. {column.Domain()}",
                1 => column.Read(given[0], out cells[index]),
                _ => "Is given more than once.",
            };
            if (error is not null)
            {
                errors[column.Name] = [error];
            }
        }

        return string.Join(',', cells);
    }

    /// <summary>A row as a query: <c>sepalLength=5.1&amp;…</c>.</summary>
    public string ToQuery(string line) =>
        string.Join(
            '&',
            line.Split(',').Select((cell, index) => $"{Columns[index].Name}={Uri.EscapeDataString(cell)}")
        );

    private static Schema Load(Description description)
    {
        var network = Network.All[description.Name];
        var columns = description
            .Columns.Select(column => column with { Levels = column.Levels.IsDefault ? [] : column.Levels })
            .ToImmutableArray();
        var schema = new Schema(network, description.Target, columns, []);
        using var reader = new StreamReader(Resource(description.Name + ".csv"));
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1);
        return schema with { HeldOut = [.. lines.Select(schema.ReadHeldOut)] };
    }

    private HeldOutRow ReadHeldOut(string line)
    {
        var cells = line.Split(',');
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var given = Columns
            .Select((column, index) => (column.Name, Cell: cells[index]))
            .ToDictionary(StringComparer.Ordinal);
        var row = ReadRow(name => [given[name]], given.Keys, errors);
        var truth = Network.IsRegression
            ? (long)(decimal.Parse(cells[^1], CultureInfo.InvariantCulture) * 100)
            : Network.Classes.IndexOf(cells[^1]);
        return errors.Count == 0 && truth >= 0
            ? new(row, truth)
            : throw new InvalidDataException($"{Network.Name}: '{line}' is not a row of the network.");
    }

    private static Stream Resource(string name) =>
        typeof(Schema).Assembly.GetManifestResourceStream(name)
        ?? throw new InvalidOperationException($"{name} is not embedded.");

    private sealed record Description(string Name, string Target, ImmutableArray<Column> Columns);
}
