using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Workshop.ServiceDefaults.Errors;

namespace Shop.Api.Requests;

/// <summary>
/// Who a cart or an order belongs to: 1 to 64 characters of <c>A-Z a-z 0-9 . _ @ -</c>, but not <c>.</c> or <c>..</c>, which
/// every URL library resolves away.
/// </summary>
/// <param name="Value">The id as text.</param>
internal readonly record struct UserId(string Value)
{
    /// <summary>Longest id, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>Who may see and change what belongs to a user.</summary>
    public const string Holder = "whoever knows the buyer's name: the shop has no accounts";

    /// <summary>The rule, for a person.</summary>
    public const string Rule =
        "Must be 1 to 64 characters of A-Z, a-z, 0-9, '.', '_', '@' and '-', and not '.' or '..'.";

    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@-"
    );

    /// <summary>Reads text that keeps the rule.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, IFormatProvider? provider, out UserId user)
    {
        var valid =
            text is { Length: > 0 and <= MaxLength }
            && !text.AsSpan().ContainsAnyExcept(Allowed)
            && text is not ("." or "..");
        user = valid ? new(text!) : default;
        return valid;
    }

    /// <summary>Reads the route value of the parameter's name.</summary>
    /// <exception cref="InvalidRequestException">It breaks the rule.</exception>
    public static ValueTask<UserId> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var text = context.GetRouteValue(parameter.Name!) as string;
        return TryParse(text, provider: null, out var user)
            ? new(user)
            : throw new InvalidRequestException(parameter.Name!, Rule);
    }

    /// <inheritdoc />
    public override string ToString() => Value;
}
