using System.Globalization;
using System.Text.Json;
using Workshop.Ledger.Mechanism;

namespace Workshop.Ledger.Blocks;

/// <summary>Block 0 says which format a ledger has. One of another format is refused before it is read.</summary>
internal static class LedgerVersion
{
    /// <summary>The first version did not say so.</summary>
    private const int Unsaid = 1;

    /// <summary>Why the ledger that begins with a line is not read, in one sentence; null where it is.</summary>
    /// <param name="line">The first line, without its line end.</param>
    internal static string? Refusal(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            using var block = JsonDocument.ParseValue(ref reader);
            var payload = block.RootElement.GetProperty("payload");
            if (!payload.GetProperty("kind").ValueEquals("rules"))
            {
                return null;
            }

            var version = payload.TryGetProperty("version", out var said) ? said.GetInt32() : Unsaid;
            return version == RulesEntry.Current
                ? null
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"This ledger has version {version}, and this program reads version {RulesEntry.Current}: "
                ) + "start anew with --reset, or keep the file elsewhere first.";
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // Not a block at all: whoever reads it says so.
            return null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
