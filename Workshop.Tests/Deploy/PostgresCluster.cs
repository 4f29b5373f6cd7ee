using k8s;
using k8s.Models;

namespace Workshop.Tests.Deploy;

/// <summary>
/// CloudNativePG's <c>Cluster</c> with the fields that the workshop uses, and no others: its own schema is no package, so a field
/// that is used anew has to be looked up in the operator's description and added here.
/// </summary>
internal sealed record PostgresCluster : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public PostgresClusterSpec Spec { get; set; } = new();
}

internal sealed record PostgresClusterSpec
{
    public int Instances { get; set; }

    public string ImageName { get; set; } = "";

    public bool EnablePDB { get; set; }

    public bool EnableSuperuserAccess { get; set; }

    public Volume Storage { get; set; } = new();

    public Volume WalStorage { get; set; } = new();

    public V1ResourceRequirements Resources { get; set; } = new();

    public Spread Affinity { get; set; } = new();

    public IList<V1TopologySpreadConstraint> TopologySpreadConstraints { get; set; } = [];

    public PostgresqlConfiguration Postgresql { get; set; } = new();

    public BootstrapConfiguration Bootstrap { get; set; } = new();

    public ManagedConfiguration Managed { get; set; } = new();

    internal sealed record Volume
    {
        public string Size { get; set; } = "";
    }

    internal sealed record Spread
    {
        public bool EnablePodAntiAffinity { get; set; }

        public string PodAntiAffinityType { get; set; } = "";

        public string TopologyKey { get; set; } = "";
    }

    internal sealed record PostgresqlConfiguration
    {
        public SynchronousReplication Synchronous { get; set; } = new();

        public IDictionary<string, string> Parameters { get; set; } =
            new Dictionary<string, string>(StringComparer.Ordinal);
    }

    internal sealed record SynchronousReplication
    {
        public string Method { get; set; } = "";

        public int Number { get; set; }

        public string DataDurability { get; set; } = "";

        public bool FailoverQuorum { get; set; }
    }

    internal sealed record BootstrapConfiguration
    {
        public InitialDatabase Initdb { get; set; } = new();
    }

    internal sealed record InitialDatabase
    {
        public string Database { get; set; } = "";

        public string Owner { get; set; } = "";

        public V1LocalObjectReference Secret { get; set; } = new();

        public bool DataChecksums { get; set; }

        public IList<string> PostInitSQL { get; set; } = [];

        public SqlReferences PostInitApplicationSQLRefs { get; set; } = new();
    }

    internal sealed record SqlReferences
    {
        public IList<V1ConfigMapKeySelector> ConfigMapRefs { get; set; } = [];
    }

    internal sealed record ManagedConfiguration
    {
        public IList<Role> Roles { get; set; } = [];
    }

    internal sealed record Role
    {
        public string Name { get; set; } = "";

        public string Ensure { get; set; } = "";

        public bool Login { get; set; }

        public IList<string> InRoles { get; set; } = [];

        public V1LocalObjectReference PasswordSecret { get; set; } = new();
    }
}
