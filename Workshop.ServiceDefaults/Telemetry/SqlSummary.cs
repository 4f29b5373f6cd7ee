using System.Text.RegularExpressions;

namespace Workshop.ServiceDefaults.Telemetry;

/// <summary>
/// A short name for a statement's span, as OpenTelemetry's <c>db.query.summary</c> has it: the function that is called,
/// or the command with its first table.
/// </summary>
public static partial class SqlSummary
{
    private const int MaxStatements = 4;

    /// <summary>The name of one statement.</summary>
    /// <param name="sql">The statement.</param>
    /// <returns>For example <c>place_order</c>, <c>SELECT products</c>, <c>COMMIT</c>.</returns>
    public static string Of(string sql)
    {
        if (CalledFunction().Match(sql) is { Success: true } call)
        {
            return call.Groups["name"].Value;
        }

        var command = FirstWord().Match(sql).Value.ToUpperInvariant();
        return FirstTable().Match(sql) is { Success: true } table ? $"{command} {table.Groups["name"].Value}" : command;
    }

    /// <summary>The name of several that go together.</summary>
    /// <param name="statements">Them.</param>
    public static string Of(IEnumerable<string> statements) =>
        string.Join(", ", statements.Select(Of).Distinct(StringComparer.Ordinal).Take(MaxStatements));

    [GeneratedRegex(
        @"^\s*SELECT\s+([^;(]*\bFROM\s+)?(?<name>\w+)\s*\(",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 100
    )]
    private static partial Regex CalledFunction();

    [GeneratedRegex(@"[A-Za-z]+", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex FirstWord();

    [GeneratedRegex(
        @"\b(FROM|INTO|UPDATE|TABLE)\s+""?(?<name>\w+)",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 100
    )]
    private static partial Regex FirstTable();
}
