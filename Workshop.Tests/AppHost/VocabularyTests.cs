using System.Text.RegularExpressions;
using Workshop.AppHost.Embedded.Hosting;
using Xunit;

namespace Workshop.Tests.AppHost;

/// <summary>AppHost.cs is compiled against either host, so it may use only words that both have.</summary>
public sealed partial class VocabularyTests
{
    /// <summary>
    /// Verbs of Aspire.Hosting 13 and Aspire.Hosting.PostgreSQL 13 that the embedded host supplies too.
    /// </summary>
    private static readonly string[] OfAspire =
    [
        "AddDatabase",
        "AddParameter",
        "AddPostgres",
        "AddProject",
        "Build",
        "CreateBuilder",
        "GetEndpoint",
        "Run",
        "WaitFor",
        "WithEnvironment",
        "WithExplicitStart",
        "WithHttpEndpoint",
        "WithHttpHealthCheck",
        "WithImageTag",
        "WithReference",
    ];

    /// <summary>Verbs of our own, one implementation per host.</summary>
    private static readonly string[] OfOurs = ["AddStandby", "WithDataDirectory", "WithHostUrl"];

    [Fact]
    public void The_page_uses_no_other_verbs()
    {
        string[] others = ["From"];
        var used = Verbs().Matches(Page("AppHost.cs")).Select(match => match.Groups["verb"].Value);

        Assert.Equal(
            OfAspire.Concat(OfOurs).Order(StringComparer.Ordinal),
            used.Distinct(StringComparer.Ordinal).Except(others, StringComparer.Ordinal).Order(StringComparer.Ordinal),
            StringComparer.Ordinal
        );
    }

    [Fact]
    public void Each_verb_of_our_own_is_there_on_both_hosts()
    {
        string[] hosts = ["Embedded/Model/WorkshopExtensions.cs", "Aspire/WorkshopExtensions.cs"];

        Assert.All(
            hosts,
            host => Assert.All(OfOurs, verb => Assert.Contains($" {verb}(", Page(host), StringComparison.Ordinal))
        );
    }

    private static string Page(string file) => File.ReadAllText(Path.Combine(ProjectPaths.AppHostDirectory, file));

    [GeneratedRegex(@"\.(?<verb>[A-Z]\w+)\(", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Verbs();
}
