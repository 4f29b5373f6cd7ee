using Microsoft.Extensions.Options;

namespace Shop.Api.Purging;

/// <summary>When rows are old, and how often that is looked at.</summary>
/// <param name="KeptFor">Age from which a row goes.</param>
public abstract record PurgeOptions(TimeSpan KeptFor)
{
    /// <summary>Time between two purges of one server.</summary>
    public TimeSpan PurgeEvery { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>Adds purges.</summary>
internal static class PurgeSetup
{
    /// <summary>Adds a purge and its options.</summary>
    /// <typeparam name="TPurge">The purge.</typeparam>
    /// <typeparam name="TOptions">Its options.</typeparam>
    /// <param name="builder">The application's builder.</param>
    /// <param name="section">Of the configuration.</param>
    internal static void AddPurge<TPurge, TOptions>(this IHostApplicationBuilder builder, string section)
        where TPurge : Purge
        where TOptions : PurgeOptions
    {
        builder
            .Services.AddOptions<TOptions>()
            .BindConfiguration(section)
            .Validate(
                options => options.KeptFor > TimeSpan.Zero && options.PurgeEvery > TimeSpan.Zero,
                $"{section}: KeptFor and PurgeEvery must be more than zero."
            )
            .ValidateOnStart();
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<TOptions>>().Value);
        builder.Services.AddSingleton<TPurge>();
        builder.Services.AddHostedService(services => services.GetRequiredService<TPurge>());
    }
}
