using Microsoft.Extensions.Options;

namespace Shop.Api.Idempotency;

/// <summary>Adds idempotent writes.</summary>
public static class IdempotencySetup
{
    /// <summary>Adds the writes, and the purge of their records.</summary>
    /// <param name="builder">The application's builder.</param>
    public static void AddIdempotency(this IHostApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<IdempotencyOptions>()
            .BindConfiguration(IdempotencyOptions.Section)
            .Validate(
                options => options.KeptFor > TimeSpan.Zero && options.PurgeEvery > TimeSpan.Zero,
                $"{IdempotencyOptions.Section}: KeptFor and PurgeEvery must be more than zero."
            )
            .ValidateOnStart();
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<IdempotencyOptions>>().Value);
        builder.Services.AddSingleton<Replies>();
        builder.Services.AddSingleton<IdempotentWrites>();
        builder.Services.AddSingleton<IdempotencyPurge>();
        builder.Services.AddHostedService(services => services.GetRequiredService<IdempotencyPurge>());
    }
}
