using Shop.Api.Purging;

namespace Shop.Api.Idempotency;

/// <summary>Adds idempotent writes.</summary>
public static class IdempotencySetup
{
    /// <summary>Adds the writes, and the purge of their records.</summary>
    /// <param name="builder">The application's builder.</param>
    public static void AddIdempotency(this IHostApplicationBuilder builder)
    {
        builder.AddPurge<IdempotencyPurge, IdempotencyOptions>(IdempotencyOptions.Section);
        builder.Services.AddSingleton<Replies>();
        builder.Services.AddSingleton<IdempotentWrites>();
    }
}
