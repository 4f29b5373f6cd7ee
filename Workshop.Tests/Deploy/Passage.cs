using System.Globalization;
using k8s.Models;

namespace Workshop.Tests.Deploy;

/// <summary>Whether network policies let one pod of their namespace reach a port of another, as Kubernetes decides it.</summary>
/// <param name="policies">All policies of the namespace.</param>
internal sealed class Passage(IReadOnlyList<V1NetworkPolicy> policies)
{
    /// <summary>The sender's policies have to let it out, and the receiver's to let it in.</summary>
    internal bool IsOpen(IDictionary<string, string> from, IDictionary<string, string> to, int port) =>
        policies
            .Where(policy => Governs(policy, from, "Egress"))
            .SelectMany(policy => policy.Spec.Egress ?? [])
            .Any(rule => Names(rule.To, to) && Names(rule.Ports, port))
        && policies
            .Where(policy => Governs(policy, to, "Ingress"))
            .SelectMany(policy => policy.Spec.Ingress ?? [])
            .Any(rule => Names(rule.FromProperty, from) && Names(rule.Ports, port));

    /// <summary>Whether some policy says something about a pod, so that what is not allowed is refused.</summary>
    internal bool IsGoverned(IDictionary<string, string> pod, string direction) =>
        policies.Any(policy => Governs(policy, pod, direction));

    private static bool Governs(V1NetworkPolicy policy, IDictionary<string, string> pod, string direction) =>
        policy.Spec.PolicyTypes.Contains(direction) && Selects(policy.Spec.PodSelector, pod);

    /// <summary>A rule without peers names everybody.</summary>
    private static bool Names(IList<V1NetworkPolicyPeer>? peers, IDictionary<string, string> pod) =>
        peers is null or { Count: 0 }
        || peers.Any(peer =>
            peer is { NamespaceSelector: null, IpBlock: null, PodSelector: { } selector } && Selects(selector, pod)
        );

    private static bool Names(IList<V1NetworkPolicyPort>? ports, int port) =>
        ports is null or { Count: 0 }
        || ports.Any(range =>
            range.Protocol is null or "TCP"
            && int.TryParse(range.Port?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && first <= port
            && port <= (range.EndPort ?? first)
        );

    /// <summary>The manifests select by labels alone.</summary>
    private static bool Selects(V1LabelSelector selector, IDictionary<string, string> pod) =>
        selector.MatchExpressions is null or { Count: 0 }
        && (selector.MatchLabels ?? new Dictionary<string, string>(StringComparer.Ordinal)).All(label =>
            pod.TryGetValue(label.Key, out var value) && string.Equals(value, label.Value, StringComparison.Ordinal)
        );
}
