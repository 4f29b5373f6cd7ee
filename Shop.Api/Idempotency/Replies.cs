using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Workshop.ServiceDefaults.Errors;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Shop.Api.Idempotency;

/// <summary>Makes answers in the form in which they are stored.</summary>
/// <param name="json">How JSON is written here.</param>
/// <param name="problems">How problems are written here.</param>
internal sealed class Replies(IOptions<JsonOptions> json, ProblemFormat problems)
{
    /// <summary>Media type of what is done.</summary>
    public const string JsonType = "application/json; charset=utf-8";

    /// <summary>Something done.</summary>
    public Reply Done<T>(int status, T value)
        where T : notnull =>
        new(
            status,
            JsonType,
            JsonSerializer.SerializeToUtf8Bytes(value, json.Value.SerializerOptions.GetTypeInfo(typeof(T)))
        );

    /// <summary>
    /// Something that was not done. It is never stored: a key stands for an intent that was carried out, and the same request
    /// may be carried out later.
    /// </summary>
    public Reply Refusal(ProblemDetails problem, ProblemOrigin origin) =>
        new(
            problem.Status ?? StatusCodes.Status500InternalServerError,
            Problems.MediaType,
            problems.Write(problem, origin)
        );
}
