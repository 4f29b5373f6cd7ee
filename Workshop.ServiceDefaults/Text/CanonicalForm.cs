using System.Globalization;
using System.Text;

namespace Workshop.ServiceDefaults.Text;

/// <summary>
/// Unicode Normalization Form C (UAX 15), from a table of our own: without the system's ICU library, which the workshop does
/// not ask for, the framework returns every text as it is.
/// </summary>
internal static class CanonicalForm
{
    /// <summary>Every character below is in form C by itself, and composes with nothing before it.</summary>
    private const char FirstThatMayChange = '\u0300';

    private const int HangulBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TailBase = 0x11A7;
    private const int Leads = 19;
    private const int Vowels = 21;
    private const int Tails = 28;

    private static readonly Lazy<Table> Characters = new(Table.Read);

    /// <summary>The composed form.</summary>
    /// <param name="text">Without halves of surrogate pairs.</param>
    /// <returns>The same text where it is composed already.</returns>
    internal static string Of(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange(FirstThatMayChange, char.MaxValue))
        {
            return text;
        }

        var table = Characters.Value;
        var points = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            Decompose(rune.Value, table, points);
        }

        Order(points, table);
        Compose(points, table);
        var composed = new StringBuilder(text.Length);
        foreach (var point in points)
        {
            composed.Append(new Rune(point).ToString());
        }

        return composed.ToString();
    }

    private static void Decompose(int point, Table table, List<int> into)
    {
        if (point is >= HangulBase and < HangulBase + (Leads * Vowels * Tails))
        {
            var index = point - HangulBase;
            into.Add(LeadBase + (index / (Vowels * Tails)));
            into.Add(VowelBase + (index % (Vowels * Tails) / Tails));
            if (index % Tails > 0)
            {
                into.Add(TailBase + (index % Tails));
            }
        }
        else if (table.Parts.TryGetValue(point, out var parts))
        {
            // At most four deep: each part is simpler than the whole.
            Decompose(parts.First, table, into);
            if (parts.Second is { } second)
            {
                Decompose(second, table, into);
            }
        }
        else
        {
            into.Add(point);
        }
    }

    /// <summary>Marks that follow one another are sorted by their class; the sort keeps those of one class in order.</summary>
    private static void Order(List<int> points, Table table)
    {
        for (var at = 0; at < points.Count; at++)
        {
            var start = at;
            while (at < points.Count && table.Class(points[at]) > 0)
            {
                at++;
            }

            if (at - start < 2)
            {
                continue;
            }

            // Text that nobody has measured yet may be one long run.
            foreach (var (place, mark) in points[start..at].OrderBy(table.Class).Index())
            {
                points[start + place] = mark;
            }
        }
    }

    /// <summary>Joins each starter with the marks after it that nothing of an equal or higher class keeps away.</summary>
    private static void Compose(List<int> points, Table table)
    {
        var kept = 0;
        var starter = -1;
        var lastClass = 0;
        for (var at = 0; at < points.Count; at++)
        {
            var point = points[at];
            var mark = table.Class(point);
            var reaches = starter >= 0 && (starter == kept - 1 || (lastClass < mark && lastClass > 0));
            if (reaches && Join(points[starter], point, table) is { } whole)
            {
                points[starter] = whole;
                continue;
            }

            if (mark == 0)
            {
                starter = kept;
            }

            lastClass = mark;
            points[kept++] = point;
        }

        points.RemoveRange(kept, points.Count - kept);
    }

    private static int? Join(int first, int second, Table table)
    {
        if (first is >= LeadBase and < LeadBase + Leads && second is >= VowelBase and < VowelBase + Vowels)
        {
            return HangulBase + ((((first - LeadBase) * Vowels) + (second - VowelBase)) * Tails);
        }

        var index = first - HangulBase;
        if (index is >= 0 and < Leads * Vowels * Tails && index % Tails == 0 && second - TailBase is > 0 and < Tails)
        {
            return first + (second - TailBase);
        }

        return table.Wholes.TryGetValue((first, second), out var whole) ? whole : null;
    }

    /// <summary>What the file beside this one says.</summary>
    private sealed class Table
    {
        private readonly Dictionary<int, byte> classes = [];

        public Dictionary<int, (int First, int? Second)> Parts { get; } = [];

        public Dictionary<(int, int), int> Wholes { get; } = [];

        public byte Class(int point) => classes.GetValueOrDefault(point);

        public static Table Read()
        {
            using var stream = typeof(Table).Assembly.GetManifestResourceStream("canonical.txt")!;
            using var reader = new StreamReader(stream);
            var table = new Table();
            while (reader.ReadLine() is { } line)
            {
                table.Take(line.Split(' '));
            }

            return table;
        }

        private void Take(string[] words)
        {
            if (words[0] is "class")
            {
                var rank = byte.Parse(words[3], CultureInfo.InvariantCulture);
                for (var point = Hex(words[1]); point <= Hex(words[2]); point++)
                {
                    classes[point] = rank;
                }
            }
            else if (words[0] is "map")
            {
                var isExcluded = words[^1] is "!";
                int? second = words.Length - (isExcluded ? 1 : 0) > 3 ? Hex(words[3]) : null;
                Parts[Hex(words[1])] = (Hex(words[2]), second);
                if (!isExcluded && second is { } mark)
                {
                    Wholes[(Hex(words[2]), mark)] = Hex(words[1]);
                }
            }
        }

        private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
