using System.Collections.Immutable;
using System.Globalization;
using Workshop.Ledger.Mechanism;

namespace Workshop.Ledger.Networks;

/// <summary>A row whose truth is known.</summary>
/// <param name="Line">The inputs, as <see cref="Schema"/> writes a row.</param>
/// <param name="Truth">Index of the class, or the value in cents.</param>
public sealed record HeldOutRow(string Line, long Truth);

/// <summary>What a network asks: its inputs, and the rows whose truth the consensus knows.</summary>
/// <param name="Network">What it predicts.</param>
/// <param name="Columns">The inputs, in order.</param>
/// <param name="HeldOut">Rows that no member was trained on.</param>
public sealed record Schema(Network Network, ImmutableArray<Column> Columns, ImmutableArray<HeldOutRow> HeldOut)
{
    /// <summary>Unknown names that are told of one row: a body has room for very many.</summary>
    private const int UnknownNamesTold = 20;

    /// <summary>All networks; the one asked when none is named stands first.</summary>
    public static ImmutableArray<Schema> All { get; } =
    [Load("iris", Inputs.Iris), Load("titanic", Inputs.Titanic), Load("housing", Inputs.Housing)];

    /// <summary>Finds a network by name, or null.</summary>
    public static Schema? Find(string name) =>
        All.FirstOrDefault(schema => string.Equals(schema.Network.Name, name, StringComparison.Ordinal));

    /// <summary>Reads the values of one row.</summary>
    /// <param name="values">All values given under a column's name: none, one or more.</param>
    /// <param name="names">All names that were given.</param>
    /// <param name="errors">Gets what is wrong, by name; of many unknown names the first ones.</param>
    /// <returns>The row as a line of comma-separated canonical values; meaningless after an error.</returns>
    public string ReadRow(
        Func<string, IReadOnlyList<string>> values,
        IEnumerable<string> names,
        IDictionary<string, string[]> errors
    )
    {
        foreach (
            var name in names
                .Where(name => Columns.All(column => !string.Equals(column.Name, name, StringComparison.Ordinal)))
                .Take(UnknownNamesTold)
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
                1 => column.ReadCanonical(given[0], out cells[index]),
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

    private static Schema Load(string name, ImmutableArray<Column> columns)
    {
        var schema = new Schema(Network.All[name], columns, []);
        using var reader = new StreamReader(
            typeof(Schema).Assembly.GetManifestResourceStream(name + ".csv")
                ?? throw new InvalidOperationException($"{name}.csv is not embedded.")
        );
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
}
