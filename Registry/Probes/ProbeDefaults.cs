namespace Registry.Probes;

/// <summary>Adds the probes.</summary>
internal static class ProbeDefaults
{
    /// <summary>Probes every registered instance as long as the registry runs.</summary>
    public static void AddProbes(this IHostApplicationBuilder builder) => builder.Services.AddHostedService<Prober>();
}
