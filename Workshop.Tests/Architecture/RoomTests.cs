using ArchUnitNET.Fluent.Syntax.Elements.Types;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using Xunit;
using static ArchUnitNET.Fluent.ArchRuleDefinition;
using Assembly = System.Reflection.Assembly;

namespace Workshop.Tests.Architecture;

/// <summary>The rules between rooms that docs/architecture.md and the house style state.</summary>
public sealed class RoomTests
{
    private static readonly string[] Services = ["Consensus", "Predictors", "Registry", "Shop.Api", "Shop.Web"];

    private const string Library = "Workshop.Ledger";

    private const string Group = "Workshop.Replicas";

    private static readonly Lazy<ArchUnitNET.Domain.Architecture> Workshop = new(() =>
        new ArchLoader().LoadAssemblies([.. Services.Append(Library).Append(Group).Select(Assembly.Load)]).Build()
    );

    public static TheoryData<string> AllServices => [.. Services];

    [Theory]
    [MemberData(nameof(AllServices))]
    public void A_service_references_no_other_services_assembly(string service)
    {
        var references = Assembly.Load(service).GetReferencedAssemblies().Select(reference => reference.Name);

        Assert.Empty(references.Intersect(Services, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(Library)]
    [InlineData(Group)]
    public void A_library_knows_no_service(string library) =>
        Assert.Empty(
            Assembly
                .Load(library)
                .GetReferencedAssemblies()
                .Select(reference => reference.Name)
                .Intersect(Services, StringComparer.Ordinal)
        );

    [Fact]
    public void The_ledger_is_read_by_the_consensus_and_its_witnesses_alone() =>
        Assert.Subset(
            new HashSet<string>(["Consensus", "Predictors"], StringComparer.Ordinal),
            Services
                .Where(service =>
                    Assembly
                        .Load(service)
                        .GetReferencedAssemblies()
                        .Any(reference => string.Equals(reference.Name, Library, StringComparison.Ordinal))
                )
                .ToHashSet(StringComparer.Ordinal)
        );

    [Fact]
    public void The_shops_features_know_nothing_of_storage_modes() =>
        Types()
            .That()
            .ResideInNamespaceMatching(@"^Shop\.Api\.(Products|Orders|Carts|Idempotency|Data)(\..*)?$")
            .Should()
            .NotDependOnAny(
                Types()
                    .That()
                    .ResideInNamespaceMatching(
                        @"^Shop\.Api\.Storage\.(BasicImplementation|SynchronousMirroring|AsynchronousReplication)"
                    )
            )
            .Check(Workshop.Value);

    /// <summary>What pure code must not know: disk, network, tasks, clocks, chance, the process, its own service.</summary>
    private const string Impure =
        @"^(System\.(IO|Net|Threading|Security\.Cryptography)\..*"
        + @"|System\.(Console|Environment|Random|Guid|DateTime|DateTimeOffset|TimeProvider|Diagnostics\.(Stopwatch|Process))"
        + @"|Microsoft\..*|Consensus\..*|Workshop\.(?!Ledger\.Mechanism\.).*)$";

    /// <summary>
    /// What the conductor's state machine must not know besides: its edge. Times are values there, and the time now is an
    /// argument; that nobody asks a clock for it, the banned symbols see to.
    /// </summary>
    private const string OutsideConductor =
        @"^(System\.(IO|Net|Threading|Security\.Cryptography)\..*"
        + @"|System\.(Console|Environment|Random|Guid|TimeProvider|Diagnostics\.(Stopwatch|Process))"
        + @"|Microsoft\..*|Npgsql\..*|Workshop\..*|Registry\.(?!Conductor\.StateMachine\.).*)$";

    private static TypesShouldConjunction IsPure(string space, string impure = Impure) =>
        Types()
            .That()
            .ResideInNamespaceMatching(space)
            .Should()
            .NotDependOnAny(Types(includeReferenced: true).That().HaveFullNameMatching(impure));

    [Fact]
    public void The_conductors_state_machine_is_pure() =>
        IsPure(@"^Registry\.Conductor\.StateMachine$", OutsideConductor).Check(Workshop.Value);

    [Fact]
    public void The_conductors_edge_is_not_and_that_is_found() =>
        Assert.False(IsPure(@"^Registry\.Conductor$", OutsideConductor).HasNoViolations(Workshop.Value));

    [Fact]
    public void The_mechanism_is_pure() => IsPure(@"^Workshop\.Ledger\.Mechanism$").Check(Workshop.Value);

    [Theory]
    [InlineData(@"^Workshop\.Ledger\.Blocks$")]
    [InlineData(@"^Consensus\.Ledger$")]
    [InlineData(@"^Consensus\.Batches$")]
    [InlineData(@"^Consensus\.Evaluation$")]
    public void The_rule_of_purity_finds_files_clocks_and_chance(string impure) =>
        Assert.False(IsPure(impure).HasNoViolations(Workshop.Value));

    [Fact]
    public void An_interface_stands_only_where_two_implementations_stand()
    {
        var types = Services
            .Append(Library)
            .Append(Group)
            .SelectMany(service => Assembly.Load(service).GetTypes())
            .ToList();
        var lonely = types
            .Where(type => type.IsInterface)
            .Where(type => types.Count(candidate => candidate.IsClass && type.IsAssignableFrom(candidate)) < 2)
            .Select(type => type.FullName);

        Assert.Empty(lonely);
    }
}
