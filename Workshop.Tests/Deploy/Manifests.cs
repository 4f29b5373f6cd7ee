using k8s;
using k8s.Models;
using Workshop.Tests.Architecture;
using YamlDotNet.RepresentationModel;

namespace Workshop.Tests.Deploy;

/// <summary>A workload of the manifests.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Replicas">How many pods; 1 for a job.</param>
/// <param name="Template">What each pod is.</param>
internal sealed record Workload(string Name, int Replicas, V1PodTemplateSpec Template)
{
    internal IDictionary<string, string> Labels => Template.Metadata.Labels;

    internal V1Container Container => Template.Spec.Containers.Single();

    internal IEnumerable<V1EnvVar> Environment => Container.Env;

    internal int? Port => Container.Ports?.Single().ContainerPort;

    internal string? Value(string variable) =>
        Environment.FirstOrDefault(entry => string.Equals(entry.Name, variable, StringComparison.Ordinal))?.Value;
}

/// <summary>Reads what <c>deploy/kubernetes</c> applies, with no member that Kubernetes does not know.</summary>
internal static class Manifests
{
    internal const string Base = "deploy/kubernetes/base";

    internal const string Overlay = "deploy/kubernetes/overlays/production";

    private static readonly Dictionary<string, Type> OwnTypes = new(StringComparer.Ordinal)
    {
        ["postgresql.cnpg.io/v1/Cluster"] = typeof(PostgresCluster),
    };

    /// <summary>All that the base holds.</summary>
    internal static IReadOnlyList<object> Read() => Read(Base);

    /// <summary>All files that a folder's kustomization names; not those of another kustomization.</summary>
    internal static IReadOnlyList<object> Read(string folder) =>
        [
            .. Resources(folder)
                .Where(file => file.EndsWith(".yaml", StringComparison.Ordinal))
                .SelectMany(file => Parse(File.ReadAllText(Path.Combine(SourceTree.Root, folder, file)))),
        ];

    /// <summary>Refuses a member that the type does not have, and one that stands twice.</summary>
    internal static IEnumerable<object> Parse(string yaml) =>
        KubernetesYaml.LoadAllFromString(yaml, OwnTypes, strict: true);

    internal static IReadOnlyList<Workload> Workloads() =>
        [
            .. Read()
                .Select(resource =>
                    resource switch
                    {
                        V1Deployment one => new Workload(one.Name(), one.Spec.Replicas ?? 1, one.Spec.Template),
                        V1StatefulSet one => new Workload(one.Name(), one.Spec.Replicas ?? 1, one.Spec.Template),
                        V1Job one => new Workload(one.Name(), 1, one.Spec.Template),
                        _ => null,
                    }
                )
                .OfType<Workload>(),
        ];

    /// <summary>What a kustomization lists.</summary>
    internal static IReadOnlyList<string> Resources(string folder)
    {
        using var text = File.OpenText(Path.Combine(SourceTree.Root, folder, "kustomization.yaml"));
        var yaml = new YamlStream();
        yaml.Load(text);
        var resources = (YamlSequenceNode)((YamlMappingNode)yaml.Documents[0].RootNode).Children["resources"];
        return [.. resources.Select(resource => ((YamlScalarNode)resource).Value!)];
    }
}
