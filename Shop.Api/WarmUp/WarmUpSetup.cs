namespace Shop.Api.WarmUp;

/// <summary>Adds the warm-up.</summary>
public static class WarmUpSetup
{
    private const int MaxRounds = 1_000;

    private static readonly TimeSpan LongestLimit = TimeSpan.FromSeconds(12);

    /// <summary>Adds the warm-up, and makes health wait for its end.</summary>
    /// <param name="builder">The application's builder.</param>
    public static void AddWarmUp(this IHostApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<WarmUpOptions>()
            .BindConfiguration(WarmUpOptions.Section)
            .Validate(
                options =>
                    options.Rounds is >= 0 and <= MaxRounds
                    && options.Limit > TimeSpan.Zero
                    && options.Limit <= LongestLimit,
                $"{WarmUpOptions.Section}: Rounds is at most {MaxRounds}, Limit more than zero and at most {LongestLimit}."
            )
            .ValidateOnStart();
        builder.Services.AddSingleton<WarmUpState>();
        builder.Services.AddHostedService<ServerWarmUp>();
        builder.Services.AddHealthChecks().AddCheck<WarmUpState>("warm-up");
    }
}
