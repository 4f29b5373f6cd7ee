namespace Shop.Web.Tour;

/// <summary>The workshop's questions as pages.</summary>
internal static class TourDefaults
{
    internal static void AddTour(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<WorkshopAddresses>();
        builder.Services.AddScoped<EvidenceReader>();
    }
}
