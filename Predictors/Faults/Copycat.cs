using System.Text.Json;
using Predictors.Data;
using Workshop.Ledger.Networks;

namespace Predictors.Faults;

/// <summary>Asks another member by the protocol and repeats what it says.</summary>
/// <param name="address">Of the other member.</param>
internal sealed class Copycat(Uri address) : IDisposable
{
    /// <summary>Not the workshop's resilient client: a copy that comes after a retry comes too late.</summary>
    private readonly HttpClient _http = new() { BaseAddress = address };

    /// <summary>A copied answer must still reach the consensus before its deadline of 500 ms.</summary>
    internal static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(400);

    public void Dispose() => _http.Dispose();

    /// <summary>The other member's answers.</summary>
    /// <returns>Per row the probabilities or the one value; null when it did not answer so.</returns>
    internal async Task<double[][]?> Ask(Network network, IReadOnlyList<double[]> rows, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(Deadline);
        try
        {
            using var response = await _http.PostAsJsonAsync(
                $"/v2/models/{network.Name}/infer",
                Question(network, rows),
                deadline.Token
            );
            response.EnsureSuccessStatusCode();
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>(deadline.Token);
            return Read(network, answer, rows.Count);
        }
        catch (Exception failure)
            when (failure is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException
                || (failure is OperationCanceledException && !ct.IsCancellationRequested)
            )
        {
            return null;
        }
    }

    private static object Question(Network network, IReadOnlyList<double[]> rows) =>
        new
        {
            inputs = network
                .Columns.Select(
                    (column, index) =>
                        new
                        {
                            name = column.Name,
                            shape = new[] { rows.Count },
                            datatype = column.HasLevels ? "BYTES" : "FP64",
                            data = rows.Select(row => Element(column, row[index])).ToArray(),
                        }
                )
                .ToArray(),
        };

    private static object? Element(Column column, double value) =>
        double.IsNaN(value) ? null
        : column.HasLevels ? column.Write(value)
        : value;

    private static double[][]? Read(Network network, JsonElement answer, int rows)
    {
        var name = network.IsClassification ? "probabilities" : "value";
        var data = answer
            .GetProperty("outputs")
            .EnumerateArray()
            .First(output => output.GetProperty("name").ValueEquals(name))
            .GetProperty("data")
            .EnumerateArray()
            .Select(number => number.GetDouble())
            .ToArray();
        return data.Length == rows * network.OutputCount ? [.. data.Chunk(network.OutputCount)] : null;
    }
}
