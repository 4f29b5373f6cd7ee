using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Workshop.Ledger.Networks;

namespace Predictors.Data;

/// <summary>Rows of a network with their truth.</summary>
/// <param name="Network">Whose rows.</param>
/// <param name="Rows">One array per row, a value per column as <see cref="Column"/> holds it.</param>
/// <param name="Targets">Per row the index of the class, or the value in US dollars.</param>
/// <param name="IsHeldOut">Per row whether it is kept for scoring, so that no served model is trained on it.</param>
public sealed record DataSet(Network Network, double[][] Rows, double[] Targets, bool[] IsHeldOut)
{
    /// <summary>
    /// A row is held out when the first byte of its line's hash is below this. See docs/architecture.md.
    /// </summary>
    private const byte HeldOutBelow = 26;

    /// <summary>Number of rows.</summary>
    public int Count => Rows.Length;

    /// <summary>Reads the network's file.</summary>
    /// <exception cref="InvalidDataException">A row is not of the network's domain; says which.</exception>
    public static DataSet Load(Network network) => Parse(network, Lines(network));

    /// <summary>The lines of <c>Data/{network}.csv</c>, which is part of the program.</summary>
    public static IReadOnlyList<string> Lines(Network network)
    {
        var name = network.Name + ".csv";
        using var file =
            typeof(DataSet).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidDataException($"{name} is not part of the program.");
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Reads comma-separated lines: a header, then rows; the target stands last; no quoting.</summary>
    /// <exception cref="InvalidDataException">
    /// The header or a row does not fit the network; says which and why.
    /// </exception>
    public static DataSet Parse(Network network, IReadOnlyList<string> lines)
    {
        string[] header = [.. network.Columns.Select(column => column.Name), network.Target];
        if (lines.Count < 2 || !lines[0].Split(',').SequenceEqual(header, StringComparer.Ordinal))
        {
            throw new InvalidDataException($"{network.Name}: the header must be {string.Join(',', header)}.");
        }

        var rows = new double[lines.Count - 1][];
        var targets = new double[rows.Length];
        for (var line = 1; line < lines.Count; line++)
        {
            var cells = lines[line].Split(',');
            if (cells.Length != header.Length)
            {
                throw new InvalidDataException($"{network.Name}, line {line + 1}: {header.Length} cells are wanted.");
            }

            rows[line - 1] = [.. network.Columns.Select((column, index) => ReadCell(column, cells[index], line + 1))];
            targets[line - 1] = ReadTarget(network, cells[^1], line + 1);
        }

        return new(network, rows, targets, [.. lines.Skip(1).Select(HoldsOut)]);
    }

    /// <summary>The rows that a served model is trained on.</summary>
    public DataSet Training() => Take([.. Enumerable.Range(0, Count).Where(row => !IsHeldOut[row])]);

    /// <summary>The rows at <paramref name="indexes"/>, in that order.</summary>
    public DataSet Take(IReadOnlyList<int> indexes) =>
        new(
            Network,
            [.. indexes.Select(index => Rows[index])],
            [.. indexes.Select(index => Targets[index])],
            [.. indexes.Select(index => IsHeldOut[index])]
        );

    /// <summary>Whether a line of a file is held out, by the rule that the consensus follows too.</summary>
    /// <param name="line">As it stands in the file, without its end.</param>
    public static bool HoldsOut(string line) => SHA256.HashData(Encoding.UTF8.GetBytes(line))[0] < HeldOutBelow;

    private static double ReadCell(Column column, string cell, int line) =>
        column.Read(cell, out var value) is { } error
            ? throw new InvalidDataException($"Line {line}, {column.Name}: {error}")
            : value;

    private static double ReadTarget(Network network, string cell, int line)
    {
        var value = network.IsClassification
            ? network.Labels.IndexOf(cell)
            : double.Parse(cell, CultureInfo.InvariantCulture);
        return value >= 0 && double.IsFinite(value)
            ? value
            : throw new InvalidDataException($"Line {line}, {network.Target}: '{cell}' is not a target.");
    }
}
