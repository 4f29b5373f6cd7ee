using System.Globalization;
using Workshop.ServiceDefaults.Idempotency;

namespace Shop.Api.Idempotency;

/// <summary>
/// An answer that is complete before its transaction ends, so that it can be stored with it and given again, byte for
/// byte, by any instance.
/// </summary>
/// <param name="Status">HTTP status.</param>
/// <param name="ContentType">Media type of the body.</param>
/// <param name="Body">The body.</param>
internal sealed record Reply(int Status, string ContentType, byte[] Body) : IResult
{
    private const string ReplayedHeader = IdempotencyKey.Replayed;

    /// <summary>Header <c>Location</c>: what was made.</summary>
    public string? Location { get; init; }

    /// <summary>Header <c>ETag</c>: the state that was made.</summary>
    public string? EntityTag { get; init; }

    /// <summary>It was done, so a repeated request is to see it again.</summary>
    public bool IsSuccess => Status < StatusCodes.Status300MultipleChoices;

    /// <summary>This is the stored answer to an earlier request.</summary>
    public bool Replayed { get; init; }

    /// <summary>When to ask again, in whole seconds.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = ContentType;
        response.ContentLength = Body.Length;
        if (Location is not null)
        {
            response.Headers.Location = Location;
        }

        if (EntityTag is not null)
        {
            response.Headers.ETag = EntityTag;
        }

        if (Replayed)
        {
            response.Headers[ReplayedHeader] = "true";
        }

        if (RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        await response.Body.WriteAsync(Body, httpContext.RequestAborted);
    }
}
