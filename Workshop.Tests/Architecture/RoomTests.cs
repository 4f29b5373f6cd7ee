using System.Reflection;
using Xunit;

namespace Workshop.Tests.Architecture;

/// <summary>The rules between rooms that docs/architecture.md states.</summary>
public sealed class RoomTests
{
    private static readonly string[] Services = ["Consensus", "Predictors", "Registry", "Shop.Api", "Shop.Web"];

    public static TheoryData<string> AllServices => [.. Services];

    [Theory]
    [MemberData(nameof(AllServices))]
    public void A_service_references_no_other_services_assembly(string service)
    {
        var references = Assembly.Load(service).GetReferencedAssemblies().Select(reference => reference.Name);

        Assert.Empty(references.Intersect(Services, StringComparer.Ordinal));
    }
}
