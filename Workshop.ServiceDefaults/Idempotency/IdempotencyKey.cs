using Microsoft.AspNetCore.Http;
using Workshop.ServiceDefaults.Errors;

namespace Workshop.ServiceDefaults.Idempotency;

/// <summary>What a client calls one intended write, however often it has to ask for it.</summary>
/// <param name="Value">1-255 visible ASCII characters.</param>
public sealed record IdempotencyKey(string Value)
{
    /// <summary>The request header.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>The response header that says that an answer is the first one again.</summary>
    public const string Replayed = "Idempotency-Replayed";

    /// <summary>Longest key, in characters.</summary>
    public const int MaxLength = 255;

    /// <summary>Shortest key where no user says whose it is, in characters.</summary>
    public const int MinLengthWithoutUser = 16;

    /// <summary>Why a shorter one is refused there.</summary>
    public const string RuleWithoutUser =
        "Must have at least 16 characters here, where no userId says whose it is: nobody else may guess it.";

    /// <summary>Reads the header; null if there is none.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The key, or null.</returns>
    /// <exception cref="InvalidRequestException">It breaks the rule.</exception>
    public static ValueTask<IdempotencyKey?> BindAsync(HttpContext context)
    {
        var header = context.Request.Headers[Header];
        if (header.Count == 0)
        {
            return new(default(IdempotencyKey));
        }

        return header is [{ Length: > 0 and <= MaxLength } key] && !key.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? new(new IdempotencyKey(key))
            : throw new InvalidRequestException(Header, "Must be one value of 1 to 255 visible ASCII characters.");
    }
}
