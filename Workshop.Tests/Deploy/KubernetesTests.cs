using k8s;
using k8s.Models;
using LaboratoryBench.Processes;
using Workshop.Tests.Architecture;
using Workshop.Tests.Fixtures;
using Xunit;
using YamlDotNet.Core;

namespace Workshop.Tests.Deploy;

/// <summary>
/// <c>deploy/kubernetes</c> against the types that Kubernetes' own description generates. No cluster is reached: what a
/// scheduler, an operator or a network does with the manifests is not seen here.
/// </summary>
public sealed class KubernetesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static IReadOnlyList<Workload> Serving => [.. Manifests.Workloads().Where(workload => workload.Port > 0)];

    [Fact]
    public void Every_resource_has_only_members_that_Kubernetes_knows()
    {
        var kinds = Manifests
            .Read()
            .Concat(Manifests.Read(Manifests.Overlay))
            .Cast<IKubernetesObject>()
            .Select(resource => resource.Kind)
            .ToHashSet(StringComparer.Ordinal);

        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal)
            {
                "Cluster",
                "Deployment",
                "StatefulSet",
                "Job",
                "Service",
                "Ingress",
                "NetworkPolicy",
                "PodDisruptionBudget",
            },
            kinds
        );
    }

    [Theory]
    [InlineData("apiVersion: apps/v1\nkind: Deployment\nspec: { replicaz: 2 }")]
    [InlineData(
        "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nspec: { postgresql: { synchronous: { metod: any } } }"
    )]
    public void A_member_that_is_misspelled_is_found(string manifest) =>
        Assert.Throws<YamlException>(() => Manifests.Parse(manifest).ToArray());

    [Fact]
    public void Every_file_of_the_folders_is_applied()
    {
        foreach (var folder in new[] { Manifests.Base, Manifests.Overlay })
        {
            var files = Directory
                .EnumerateFiles(Path.Combine(SourceTree.Root, folder), "*.yaml")
                .Select(Path.GetFileName)
                .Where(file => file is not "kustomization.yaml");
            Assert.Empty(files.Except(Manifests.Resources(folder), StringComparer.Ordinal));
        }
    }

    [Fact]
    public void A_pod_may_do_nothing_but_its_work()
    {
        Assert.All(
            Manifests.Workloads(),
            workload =>
            {
                var (pod, container) = (workload.Template.Spec, workload.Container);
                Assert.True(pod.SecurityContext.RunAsNonRoot);
                Assert.Equal(1654, pod.SecurityContext.RunAsUser);
                Assert.Equal(1654, pod.SecurityContext.FsGroup);
                Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
                Assert.False(pod.AutomountServiceAccountToken);
                Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
                Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
                Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
                Assert.Equal(
                    ["/home/app", "/tmp"],
                    container.VolumeMounts.Select(mount => mount.MountPath).Order(StringComparer.Ordinal),
                    StringComparer.Ordinal
                );
                Assert.All(["cpu", "memory"], unit => Assert.True(container.Resources.Requests.ContainsKey(unit)));
                Assert.True(container.Resources.Limits.ContainsKey("memory"));
            }
        );
    }

    [Fact]
    public void A_pod_is_asked_whether_it_lives_and_whether_it_serves_under_a_name_that_it_answers_to()
    {
        Assert.All(
            Serving,
            workload =>
            {
                var container = workload.Container;
                Assert.Equal("/health", container.ReadinessProbe.HttpGet.Path);
                Assert.All(
                    [container.StartupProbe, container.LivenessProbe],
                    probe => Assert.Equal("/alive", probe.HttpGet.Path)
                );
                Assert.All(
                    [container.StartupProbe, container.LivenessProbe, container.ReadinessProbe],
                    probe =>
                    {
                        var host = Assert.Single(probe.HttpGet.HttpHeaders);
                        Assert.Equal(("Host", "localhost"), (host.Name, host.Value));
                    }
                );
            }
        );
        Assert.True(Serving.Count > 9);
    }

    [Fact]
    public void What_runs_more_than_once_is_spread_and_is_not_drained_at_once()
    {
        var budgets = Manifests.Read().OfType<V1PodDisruptionBudget>().ToArray();
        var several = Serving.Where(workload => workload.Replicas > 1).ToArray();

        Assert.NotEmpty(several);
        Assert.All(
            several,
            workload =>
            {
                var budget = Assert.Single(budgets, one => Matches(one.Spec.Selector, workload));
                Assert.Equal("1", budget.Spec.MinAvailable.Value);
                Assert.Equal(
                    ["kubernetes.io/hostname", "topology.kubernetes.io/zone"],
                    workload.Template.Spec.TopologySpreadConstraints.Select(one => one.TopologyKey),
                    StringComparer.Ordinal
                );
                Assert.All(
                    workload.Template.Spec.TopologySpreadConstraints,
                    one => Assert.True(Matches(one.LabelSelector, workload))
                );
            }
        );
        Assert.Equal(several.Length, budgets.Length);
    }

    [Fact]
    public async Task Secrets_are_named_and_the_script_makes_every_one_of_them()
    {
        var (exit, output) = await Shell.Run(
            """
            file=$(mktemp)
            trap 'rm -f "$file"' EXIT
            deploy/secrets.sh >"$file"
            deploy/kubernetes/secrets.sh "$file"
            """,
            Ct
        );
        Assert.Equal(0, exit);
        var made = Manifests.Parse(output).Cast<V1Secret>().ToDictionary(one => one.Name(), StringComparer.Ordinal);
        var named = Manifests
            .Workloads()
            .SelectMany(workload => workload.Environment)
            .Select(variable => variable.ValueFrom?.SecretKeyRef)
            .OfType<V1SecretKeySelector>()
            .ToArray();

        Assert.NotEmpty(named);
        Assert.All(named, one => Assert.Equal(48, made[one.Name].StringData[one.Key].Length));
        var cluster = Manifests.Read().OfType<PostgresCluster>().Single().Spec;
        Assert.Equal("shop_owner", made[cluster.Bootstrap.Initdb.Secret.Name].StringData["username"]);
        Assert.All(
            cluster.Managed.Roles,
            role => Assert.Equal(role.Name, made[role.PasswordSecret.Name].StringData["username"])
        );
        Assert.All(
            Manifests.Workloads().SelectMany(workload => workload.Environment),
            variable => Assert.False(IsSecret(variable.Name) && variable.Value is not null, variable.Name)
        );
    }

    [Fact]
    public void The_databases_acknowledge_with_a_quorum_and_refuse_without_one()
    {
        var cluster = Manifests.Read().OfType<PostgresCluster>().Single();

        Assert.Equal(3, cluster.Spec.Instances);
        Assert.Equal(
            new()
            {
                Method = "any",
                Number = 1,
                DataDurability = "required",
                FailoverQuorum = true,
            },
            cluster.Spec.Postgresql.Synchronous
        );
        Assert.Equal("required", cluster.Spec.Affinity.PodAntiAffinityType);
        Assert.True(cluster.Spec.EnablePDB);
        Assert.False(cluster.Spec.EnableSuperuserAccess);
        Assert.Equal(
            "rights.sql",
            Assert.Single(cluster.Spec.Bootstrap.Initdb.PostInitApplicationSQLRefs.ConfigMapRefs).Key
        );
    }

    [Fact]
    public async Task Kustomize_makes_one_description_of_base_and_overlay()
    {
        var (found, _) = await Shell.Run("command -v kubectl", Ct);
        Assert.SkipUnless(found == 0, "kubectl is not installed.");
        var (exit, output) = await Shell.Run($"kubectl kustomize {Manifests.Overlay}", Ct);
        Assert.Equal(0, exit);

        var resources = Manifests.Parse(output).Cast<IKubernetesObject<V1ObjectMeta>>().ToArray();
        Assert.All(
            resources.Where(resource => resource.Kind is not "Namespace"),
            resource => Assert.Equal("workshop", resource.Namespace())
        );
        Assert.All(
            resources.OfType<V1Deployment>().Select(one => one.Spec.Template.Spec.Containers[0].Image),
            image => Assert.EndsWith(":1", image, StringComparison.Ordinal)
        );
        var web = resources.OfType<V1Deployment>().Single(one => one.Name() is "shop-web");
        Assert.Contains(web.Spec.Template.Spec.Containers[0].Env, one => one.Value is "shop.example.org");
        Assert.Contains(
            web.Spec.Template.Spec.Containers[0].Env,
            one => one is { Name: "Workshop__Origins__Allowed__0", Value: "https://shop.example.org" }
        );
    }

    private static bool IsSecret(string variable) =>
        variable.EndsWith("Token", StringComparison.Ordinal) || variable.EndsWith("PASSWORD", StringComparison.Ordinal);

    private static bool Matches(V1LabelSelector selector, Workload workload) =>
        selector.MatchLabels.All(label =>
            string.Equals(workload.Labels[label.Key], label.Value, StringComparison.Ordinal)
        );
}
