using Shop.Api.Storage;
using Workshop.ServiceDefaults.Idempotency;

namespace Shop.Api.Idempotency;

/// <summary>An answer that nobody knows speaks of a key only where there is one.</summary>
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
                try
                {
                    await next(context);
                }
                catch (CommitUnknownException unknown)
                {
                    throw new CommitUnknownException(Words(context), unknown);
                }
            }
        );

    /// <summary>Says that this request takes no key, though others of its route do.</summary>
    /// <param name="context">The request.</param>
    public static void TakesNoKey(this HttpContext context) => context.Features.Set(new KeylessRequest());

    private static string Words(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IKeyedRoute>() is not { TakesKey: true }
        || context.Features.Get<KeylessRequest>() is not null
            ? Repeatable
        : context.Request.Headers.ContainsKey(IdempotencyKey.Header) ? WithKey
        : WithoutKey;

    private sealed record KeylessRequest;
}
