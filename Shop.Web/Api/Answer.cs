using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shop.Web.Api;

/// <summary>A line of an order that could not be filled.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Requested">Pieces that were asked for.</param>
/// <param name="Available">Pieces that there are; 0 when the product is gone.</param>
public sealed record Shortage(Guid ProductId, int Requested, int Available);

/// <summary>Why a service did not do what it was asked to do: RFC 9457, and the members that our services add.</summary>
/// <param name="Status">HTTP status; 503 also where nothing answered at all.</param>
/// <param name="Title">A short summary.</param>
/// <param name="Detail">What is wrong this time.</param>
/// <param name="Errors">Member path to messages, for validation.</param>
/// <param name="Shortages">What is short, for 409 on an order.</param>
/// <param name="Cart">The cart as it is, for 409 on a checkout of another one.</param>
public sealed record ApiProblem(
    int Status,
    string? Title,
    string? Detail = null,
    IReadOnlyDictionary<string, string[]>? Errors = null,
    IReadOnlyList<Shortage>? Shortages = null,
    JsonElement? Cart = null
)
{
    /// <summary>When the same request may be sent again: on 409 it says that the first one is still under way.</summary>
    [JsonIgnore]
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The service could not take the request now; the same request may succeed in a moment.</summary>
    [JsonIgnore]
    public bool IsTransient => Status is 429 or >= 500;

    /// <summary>One sentence for a person.</summary>
    [JsonIgnore]
    public string Sentence => Detail ?? Title ?? $"The request was refused with status {Status}.";

    /// <summary>The first message about <paramref name="member"/>, if there is one.</summary>
    /// <param name="member">A member's path, such as <c>price</c>.</param>
    /// <returns>The message, or null.</returns>
    public string? ErrorOf(string member) =>
        Errors
            ?.FirstOrDefault(error => string.Equals(error.Key, member, StringComparison.OrdinalIgnoreCase))
            .Value?.FirstOrDefault();
}

/// <summary>What a service answered: a value, or the problem.</summary>
/// <typeparam name="T">The wire record.</typeparam>
public sealed record Answer<T>
    where T : class
{
    /// <summary>The value, when there is no problem and the service sent one.</summary>
    public T? Value { get; init; }

    /// <summary>The problem; null when the request did what it was asked to do.</summary>
    public ApiProblem? Problem { get; init; }

    /// <summary>The entity tag, with its quotes.</summary>
    public string? ETag { get; init; }

    /// <summary>The cursor of the next page.</summary>
    public string? After { get; init; }

    /// <summary>How many there are in all, where the answer is one page of them.</summary>
    public int? Total { get; init; }

    /// <summary>This answer was given before: the request is a repeat of an earlier call that was done.</summary>
    public bool Replayed { get; init; }
}
