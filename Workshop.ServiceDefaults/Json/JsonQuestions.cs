using System.Net.Http.Json;
using System.Text.Json;

namespace Workshop.ServiceDefaults.Json;

/// <summary>Questions to whoever may be away.</summary>
public static class JsonQuestions
{
    /// <inheritdoc cref="TryGetJson{T}(HttpClient, Uri, JsonSerializerOptions, CancellationToken)"/>
    public static Task<T?> TryGetJson<T>(this HttpClient http, Uri address, CancellationToken ct) =>
        http.TryGetJson<T>(address, options: null, ct);

    /// <summary>Asks for a document; a refusal, a broken answer or one that comes too late is none.</summary>
    /// <param name="http">Asks, for as long as its own timeout allows.</param>
    /// <param name="address">What is asked.</param>
    /// <param name="options">How the answer is read; as on the web where it is null.</param>
    /// <param name="ct">Ends the wait; then there is no answer either.</param>
    /// <returns>The answer, or nothing.</returns>
    public static async Task<T?> TryGetJson<T>(
        this HttpClient http,
        Uri address,
        JsonSerializerOptions? options,
        CancellationToken ct
    )
    {
        try
        {
            return await http.GetFromJsonAsync<T>(address, options, ct);
        }
        catch (Exception away)
            when (away
                    is HttpRequestException
                        or IOException
                        or JsonException
                        or InvalidOperationException
                        or OperationCanceledException
            )
        {
            return default;
        }
    }
}
