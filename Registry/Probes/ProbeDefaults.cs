using Workshop.Replicas;

namespace Registry.Probes;

/// <summary>Adds the probes.</summary>
internal static class ProbeDefaults
{
    /// <summary>Probes every registered instance while the registry runs; of several, while it leads.</summary>
    public static void AddProbes(this IHostApplicationBuilder builder) => builder.AddWhereItLeads<Prober>();
}
