using System.Globalization;
using System.Text.RegularExpressions;
using k8s.Models;
using Xunit;

namespace Workshop.Tests.Deploy;

/// <summary>
/// The wires of docs/architecture.md pass the network policies of <c>deploy/kubernetes</c>, and nothing else does.
/// </summary>
public sealed partial class NetworkPolicyTests
{
    private const string Shop = "shop-api";

    private const string Registry = "registry";

    private const string Storefront = "shop-web";

    private const string Consensus = "consensus";

    private static readonly Dictionary<string, string> Databases = new(StringComparer.Ordinal)
    {
        ["cnpg.io/cluster"] = "postgres",
    };

    private readonly Passage passage = new([.. Manifests.Read().OfType<V1NetworkPolicy>()]);

    private readonly Dictionary<string, Workload> workloads = Manifests
        .Workloads()
        .ToDictionary(workload => workload.Name, StringComparer.Ordinal);

    [Fact]
    public void Every_address_that_a_pod_is_given_can_be_reached()
    {
        var wires =
            from workload in workloads.Values
            from variable in workload.Environment
            let match = Wire().Match(variable.Value ?? "")
            where match.Success && variable.Name is not "Workshop__Address"
            let port = int.Parse(match.Groups["port"].ValueSpan, CultureInfo.InvariantCulture)
            select (workload, Host: match.Groups["host"].Value, port);

        var found = wires.ToArray();
        Assert.True(found.Length > 15);
        Assert.All(found, wire => Assert.True(IsOpen(wire.workload.Name, wire.Host, wire.port), $"{wire}"));
    }

    [Fact]
    public void What_the_registry_and_the_consensus_name_can_be_reached()
    {
        Assert.True(IsOpen(Registry, Shop));
        Assert.True(IsOpen(Storefront, Shop));
        Assert.All(Predictors, predictor => Assert.True(IsOpen(Consensus, predictor), predictor));
        Assert.Equal(6, Predictors.Length);
    }

    [Fact]
    public void Nobody_else_is_let_through()
    {
        foreach (var (from, to) in workloads.Keys.SelectMany(from => workloads.Keys.Select(to => (from, to))))
        {
            if (workloads[to].Port is null || string.Equals(from, to, StringComparison.Ordinal))
            {
                continue;
            }

            var isWired =
                to is Registry && from is not "shop-migrations"
                || (from, to) is (Registry, Shop) or (Storefront, Shop) or (Storefront, Consensus)
                || (from is Consensus && Predictors.Contains(to, StringComparer.Ordinal))
                || (to is Consensus && Predictors.Contains(from, StringComparer.Ordinal))
                // Witnesses ask one another what they signed.
                || (
                    Predictors.Contains(from, StringComparer.Ordinal) && Predictors.Contains(to, StringComparer.Ordinal)
                );
            Assert.True(isWired == IsOpen(from, to), $"from {from} to {to}");
        }

        string[] readers = [Registry, Shop, "shop-migrations"];
        Assert.All(
            workloads.Keys,
            name => Assert.Equal(readers.Contains(name, StringComparer.Ordinal), IsOpen(name, "postgres-rw", 5432))
        );
        Assert.All(
            workloads.Values,
            workload => Assert.All(["Ingress", "Egress"], way => Assert.True(passage.IsGoverned(workload.Labels, way)))
        );
    }

    private string[] Predictors =>
        [.. workloads.Keys.Where(name => name.StartsWith("predictor-", StringComparison.Ordinal))];

    private bool IsOpen(string from, string to) => IsOpen(from, to, workloads[to].Port!.Value);

    private bool IsOpen(string from, string host, int port) =>
        passage.IsOpen(workloads[from].Labels, host is "postgres-rw" ? Databases : workloads[host].Labels, port);

    [GeneratedRegex(
        @"^(http://|Host=)(?<host>[a-z0-9-]+)(:|;Port=)(?<port>[0-9]+)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Wire();
}
