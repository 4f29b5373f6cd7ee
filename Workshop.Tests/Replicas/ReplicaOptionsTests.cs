using System.Globalization;
using Microsoft.Extensions.Configuration;
using Workshop.Replicas;
using Xunit;

namespace Workshop.Tests.Replicas;

/// <summary>Which groups of replicas are none.</summary>
public sealed class ReplicaOptionsTests
{
    private const string Secret = "a secret of the replicas";

    [Fact]
    public void Without_addresses_one_process_decides_alone()
    {
        Assert.Null(ReplicaOptions.Read(Settings(0), out var none));
        Assert.Null(none);
        Assert.Null(ReplicaOptions.Read(Settings(1), out var one));
        Assert.Null(one);
    }

    [Theory]
    [InlineData(2, "http://localhost:1", Secret, "1, 3 or 5")]
    [InlineData(4, "http://localhost:1", Secret, "1, 3 or 5")]
    [InlineData(7, "http://localhost:1", Secret, "1, 3 or 5")]
    [InlineData(3, "http://localhost:9", Secret, "Replicas:Self")]
    [InlineData(3, null, Secret, "Replicas:Self")]
    [InlineData(3, "http://localhost:1", "short", "Replicas:Secret")]
    [InlineData(3, "http://localhost:1", null, "Replicas:Secret")]
    public void What_cannot_work_is_refused_in_a_sentence(int count, string? self, string? secret, string words)
    {
        Assert.Null(ReplicaOptions.Read(Settings(count, self, secret), out var problem));
        Assert.Contains(words, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_that_are_twice_the_same_or_none_are_refused()
    {
        var twice = Settings(3, "http://localhost:1", Secret);
        twice["Replicas:Addresses:2"] = "http://localhost:2/";
        Assert.Null(ReplicaOptions.Read(twice, out var problem));
        Assert.Contains("Replicas:Addresses", problem, StringComparison.Ordinal);

        twice["Replicas:Addresses:2"] = "somewhere";
        Assert.Null(ReplicaOptions.Read(twice, out problem));
        Assert.Contains("Replicas:Addresses", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Three_replicas_know_themselves_and_the_others()
    {
        var options = ReplicaOptions.Read(Settings(3, "http://localhost:2", Secret), out var problem);

        Assert.Null(problem);
        Assert.Equal(
            ["http://localhost:1/", "http://localhost:3/"],
            options!.Others.Select(other => other.AbsoluteUri),
            StringComparer.Ordinal
        );
    }

    private static IConfigurationRoot Settings(int count, string? self = null, string? secret = null) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                Enumerable
                    .Range(1, count)
                    .Select(n =>
                        KeyValuePair.Create(
                            string.Create(CultureInfo.InvariantCulture, $"Replicas:Addresses:{n - 1}"),
                            (string?)string.Create(CultureInfo.InvariantCulture, $"http://localhost:{n}")
                        )
                    )
                    .Append(KeyValuePair.Create("Replicas:Self", self))
                    .Append(KeyValuePair.Create("Replicas:Secret", secret))
            )
            .Build();
}
