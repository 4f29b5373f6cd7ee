using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace Workshop.ServiceDefaults.Errors;

/// <summary>The words of errors, and problem documents as results of routes.</summary>
public static class Problems
{
    /// <summary>Media type of a problem document.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>RFC 9457, 4.2.1: the problem means no more than its status does.</summary>
    internal const string PlainType = "about:blank";

    /// <summary>Input that breaks a rule: 400, with the rules by member.</summary>
    /// <param name="errors">Member path, such as <c>items[0].quantity</c>, to what is wrong with it.</param>
    /// <returns>The result.</returns>
    public static ProblemHttpResult Invalid(IDictionary<string, string[]> errors) =>
        TypedResults.Problem(InvalidDetails(errors));

    /// <summary>One member of the input that breaks a rule: 400.</summary>
    /// <param name="member">Its path.</param>
    /// <param name="rule">What is wrong with it.</param>
    /// <returns>The result.</returns>
    public static ProblemHttpResult Invalid(string member, string rule) =>
        Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [member] = [rule] });

    /// <summary>A problem that has words of its own, as a result.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="detail">What is wrong, for a person.</param>
    /// <returns>The result.</returns>
    public static ProblemHttpResult Of(int status, string detail) => TypedResults.Problem(Details(status, detail));

    /// <summary>A problem that has words of its own, as a document.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="detail">What is wrong, for a person.</param>
    /// <param name="members">Further members of the document.</param>
    /// <returns>The document, to be completed when it is written.</returns>
    public static ProblemDetails Details(
        int status,
        string detail,
        params ReadOnlySpan<(string Name, object? Value)> members
    )
    {
        var problem = new ProblemDetails
        {
            Type = PlainType,
            Title = Title(status),
            Status = status,
            Detail = detail,
        };
        foreach (var (name, value) in members)
        {
            problem.Extensions[name] = value;
        }

        return problem;
    }

    /// <summary>Input that breaks a rule, as a document.</summary>
    /// <param name="errors">Member path to what is wrong with it.</param>
    /// <returns>The document, to be completed when it is written.</returns>
    public static HttpValidationProblemDetails InvalidDetails(IDictionary<string, string[]> errors) =>
        new(errors)
        {
            Type = PlainType,
            Title = Title(StatusCodes.Status400BadRequest),
            Status = StatusCodes.Status400BadRequest,
            Detail = string.Join(' ', errors.Select(error => $"{error.Key}: {string.Join(' ', error.Value)}")),
        };

    internal static string Title(int status) =>
        ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } phrase ? phrase : "Error";

    internal static string Detail(int status) =>
        status switch
        {
            StatusCodes.Status400BadRequest => "The request could not be read.",
            StatusCodes.Status404NotFound => "There is nothing at this address.",
            StatusCodes.Status405MethodNotAllowed =>
                "This address does not take this method; Allow names those it takes.",
            StatusCodes.Status406NotAcceptable => "This address answers with JSON, which the request does not accept.",
            StatusCodes.Status413PayloadTooLarge => "The body is larger than this address reads.",
            StatusCodes.Status415UnsupportedMediaType => "This address reads application/json in UTF-8.",
            StatusCodes.Status429TooManyRequests =>
                "Too many requests from one client; Retry-After says when to go on.",
            StatusCodes.Status500InternalServerError => "Something went wrong here. The trace id finds it in the logs.",
            _ => Title(status) + ".",
        };
}
