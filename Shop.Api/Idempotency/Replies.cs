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
    private const string JsonType = "application/json; charset=utf-8";

    /// <summary>Something done.</summary>
    public Reply Done<T>(int status, T value)
        where T : notnull =>
        new(
            status,
            JsonType,
            JsonSerializer.SerializeToUtf8Bytes(value, json.Value.SerializerOptions.GetTypeInfo(typeof(T)))
        );

    /// <summary>An outcome that did nothing, such as a shortage; a repeated request sees it again.</summary>
    public Reply Refusal(ProblemDetails problem, ProblemOrigin origin) =>
        new(
            problem.Status ?? StatusCodes.Status500InternalServerError,
            Problems.MediaType,
            problems.Write(problem, origin)
        );

    /// <summary>Something wrong with the request, which a better request under the same key may mend.</summary>
    public Reply Mistake(ProblemDetails problem, ProblemOrigin origin) =>
        Refusal(problem, origin) with
        {
            IsOutcome = false,
        };
}
