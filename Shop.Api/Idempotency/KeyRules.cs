using Shop.Api.Storage;
using Shop.Api.Wire.Description;
using Workshop.ServiceDefaults.Errors;

namespace Shop.Api.Idempotency;

/// <summary>
/// Which routes take a key, by what they say of themselves: on any other write a key is refused, since a client that sends
/// one trusts in it; and an answer that nobody knows speaks of a key only where there is one.
/// </summary>
internal static class KeyRules
{
    private const string Unknown = "It is not known yet whether this was stored.";

    private const string WithKey = Unknown + " Ask again with the same Idempotency-Key: it happens once.";

    private const string WithoutKey =
        Unknown + " Look for it before you send it again; with a key it would happen once.";

    private const string Repeatable = Unknown + " The same request can be sent again safely.";

    /// <summary>Applies the rules to the routes that follow.</summary>
    /// <param name="app">The application, with its errors set up.</param>
    public static void UseKeyRules(this WebApplication app) =>
        app.Use(
            async (context, next) =>
            {
                var request = context.Request;
                var takesKeys = TakesKeys(context.GetEndpoint());
                var hasKey = request.Headers.ContainsKey(IdempotencyKey.Header);
                if (hasKey && !takesKeys && !HttpMethods.IsGet(request.Method) && context.GetEndpoint() is not null)
                {
                    throw new InvalidRequestException(IdempotencyKey.Header, "This address takes no key.");
                }

                try
                {
                    await next(context);
                }
                catch (CommitUnknownException unknown)
                {
                    throw new CommitUnknownException(Words(takesKeys, hasKey), unknown);
                }
            }
        );

    /// <summary>A route that describes the header takes it.</summary>
    private static bool TakesKeys(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<RouteFacts>()?.Parameters.Contains(IdempotencyKey.Header, StringComparer.Ordinal)
        ?? false;

    private static string Words(bool takesKeys, bool hasKey) =>
        !takesKeys ? Repeatable
        : hasKey ? WithKey
        : WithoutKey;
}
